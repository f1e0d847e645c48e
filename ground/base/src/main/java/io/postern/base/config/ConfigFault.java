package io.postern.base.config;

import java.util.List;

/// A configuration that cannot be used. The message lists every fault found, one a line.
public final class ConfigFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    public ConfigFault(String file, List<String> faults) {
        super(file + ": " + String.join(System.lineSeparator() + file + ": ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
