package io.postern.connector.directory;

import java.util.Locale;

/// A directory could not be read. Says what went wrong, at which server, and what to do; never holds a
/// password.
public final class DirectoryFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What the service is told, in one word.
    public enum Code {
        /// name or password is wrong, or the account is locked, disabled or expired
        BIND_REFUSED,
        /// nobody answers there
        UNREACHABLE,
        /// the server does not prove who it is, or wants TLS
        TLS,
        /// the account may not read what is asked for
        NO_RIGHT,
        /// a base does not exist, or lies elsewhere
        BAD_BASE,
        /// no answer in time
        TIMEOUT,
        /// what changed since the last read cannot be told any more
        CURSOR_EXPIRED,
        /// anything else
        OTHER;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Code code;
    private final String remedy;

    public DirectoryFault(Code code, String message, String remedy) {
        super(message);
        this.code = code;
        this.remedy = remedy;
    }

    public DirectoryFault(Code code, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.remedy = remedy;
    }

    public Code code() {
        return code;
    }

    /// What to do, one sentence.
    public String remedy() {
        return remedy;
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
