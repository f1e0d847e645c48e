package io.postern.run;

/// The command cannot go on. The message is one sentence for a person: what, which value, what to do.
public class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Fault(String message) {
        super(message);
    }

    public Fault(String message, Throwable cause) {
        super(message, cause);
    }
}
