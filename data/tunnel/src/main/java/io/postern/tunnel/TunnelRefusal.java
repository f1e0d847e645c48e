package io.postern.tunnel;

/// A tunnel that could not be opened, or a stream that a tunnel did not take. Expected, so without a
/// stack trace; the message is fit for a log.
public final class TunnelRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient TunnelEnd end;

    public TunnelRefusal(TunnelEnd end) {
        super(end.toString(), null, false, false);
        this.end = end;
    }

    /// What any failure to open a tunnel or a stream means.
    public static TunnelEnd end(Throwable failure) {
        return failure instanceof TunnelRefusal refusal
                ? refusal.end()
                : new TunnelEnd(TunnelEnd.Cause.LOST, String.valueOf(failure));
    }

    public TunnelEnd end() {
        return end;
    }
}
