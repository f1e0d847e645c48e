package io.postern.connector.kerberos;

import java.time.Duration;

/// A user could not be signed on by Kerberos. Says what went wrong, with which account or service, and what to do;
/// holds no ticket and no key.
public final class KerberosFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Whose matter it is.
    public enum Blame {
        /// the user's account
        USER,
        /// connector, its account, or the service's account
        CONFIGURATION,
        /// KDC or directory do not answer
        UNREACHABLE,
        /// too many ask at once
        BUSY
    }

    /// What went wrong, one word for each; the number is the Admin log's (docs/operate/logs.md).
    public enum Kind {
        NO_IDENTITY(13016, Blame.USER),
        USER_REALM(13019, Blame.USER),
        USER_UNKNOWN(13019, Blame.USER),
        /// of a domain that does not let this connector act for him
        USER_ABROAD(13019, Blame.CONFIGURATION),
        USER_AMBIGUOUS(13019, Blame.USER),
        USER_DISABLED(13019, Blame.USER),
        USER_EXPIRED(13019, Blame.USER),
        PASSWORD_EXPIRED(13019, Blame.USER),
        USER_SENSITIVE(12027, Blame.USER),
        /// sensitive user, or the connector may not change protocols: without a directory nobody can tell
        NOT_FORWARDABLE(12027, Blame.CONFIGURATION),
        NO_TRANSITION(12027, Blame.CONFIGURATION),
        CONNECTOR_WITHOUT_SPN(12027, Blame.CONFIGURATION),
        SPN_NOT_LISTED(12027, Blame.CONFIGURATION),
        SPN_NOT_ALLOWED(12027, Blame.CONFIGURATION),
        SPN_UNKNOWN(13020, Blame.CONFIGURATION),
        SPN_MALFORMED(13020, Blame.CONFIGURATION),
        ENCRYPTION(13019, Blame.CONFIGURATION),
        KEYTAB(13019, Blame.CONFIGURATION),
        KEYTAB_OLD(13019, Blame.CONFIGURATION),
        PRINCIPAL(13019, Blame.CONFIGURATION),
        CLOCK(12008, Blame.CONFIGURATION),
        NO_KDC(13019, Blame.CONFIGURATION),
        KDC_UNREACHABLE(13019, Blame.UNREACHABLE),
        KDC_SILENT(13019, Blame.UNREACHABLE),
        DIRECTORY(13019, Blame.CONFIGURATION),
        DIRECTORY_UNREACHABLE(13019, Blame.UNREACHABLE),
        BUSY(12008, Blame.BUSY),
        OTHER(13019, Blame.CONFIGURATION);

        private final int event;
        private final Blame blame;

        Kind(int event, Blame blame) {
            this.event = event;
            this.blame = blame;
        }

        public int event() {
            return event;
        }

        public Blame blame() {
            return blame;
        }

        /// How long the same question gets the same answer without asking: short, since somebody mends it now.
        Duration kept() {
            return switch (blame) {
                case USER, CONFIGURATION -> Duration.ofSeconds(5);
                case UNREACHABLE -> Duration.ofSeconds(1);
                case BUSY -> Duration.ZERO;
            };
        }
    }

    private final Kind kind;
    private final String remedy;

    KerberosFault(Kind kind, String message, String remedy) {
        super(message);
        this.kind = kind;
        this.remedy = remedy;
    }

    KerberosFault(Kind kind, String message, String remedy, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.remedy = remedy;
    }

    public Kind kind() {
        return kind;
    }

    /// What to do, one sentence.
    public String remedy() {
        return remedy;
    }

    public String message() {
        return String.valueOf(getMessage());
    }
}
