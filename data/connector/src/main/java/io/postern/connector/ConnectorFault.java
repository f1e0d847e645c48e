package io.postern.connector;

/// The connector cannot start or go on. The message is one sentence for a person: what, which value,
/// what to do.
public final class ConnectorFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What kind of fault, for scripts.
    public enum Kind {
        /// something unforeseen
        INTERNAL(1),
        /// an option, a configuration key or the token's text is wrong
        USAGE(2),
        /// the service refused the token
        REFUSED(3),
        /// the data folder cannot be used: permissions, damaged files, locked by another connector
        DATA(4),
        /// the service cannot be reached or is not the one that made the token
        SERVICE(5),
        /// the connector's certificate has expired: only a new token helps
        EXPIRED(6);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    public ConnectorFault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ConnectorFault(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
