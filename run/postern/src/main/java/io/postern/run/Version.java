package io.postern.run;

/// The product's version, as it stands in `--version`, in the hello of tunnels and in metrics.
public final class Version {
    public static final String NUMBER = "0.1.0";

    private Version() {}
}
