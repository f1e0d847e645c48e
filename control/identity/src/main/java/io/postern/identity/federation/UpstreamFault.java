package io.postern.identity.federation;

/// Why a sign-in at an upstream came to nothing.
final class UpstreamFault extends Exception {
    private static final long serialVersionUID = 1;

    /// What the user can make of it.
    enum Kind {
        /// He did not sign in there, or was not let in.
        REFUSED(50126, 400, "federation.refused"),
        /// What came back does not hold.
        INVALID(50008, 400, "federation.invalid"),
        /// It took too long, came twice, or another browser began it.
        STALE(50089, 400, "federation.stale"),
        /// The upstream does not answer, or not as it must.
        UNREACHABLE(90033, 503, "federation.unreachable"),
        /// He must sign in there again, and did not.
        NOT_FRESH(50133, 400, "federation.notFresh"),
        /// Nobody knows him here.
        UNKNOWN(50020, 403, "federation.unknown"),
        /// The name that he has there is somebody else's here.
        TAKEN(50020, 403, "federation.taken"),
        DISABLED(50057, 400, "signIn.disabled"),
        /// The application's request is too long to be kept meanwhile.
        TOO_LONG(90015, 400, "federation.tooLong");

        private final int number;
        private final int status;
        private final String text;

        Kind(int number, int status, String text) {
            this.number = number;
            this.status = status;
            this.text = text;
        }

        int number() {
            return number;
        }

        int status() {
            return status;
        }

        /// Key of the sentence that the user reads.
        String text() {
            return text;
        }
    }

    private final Kind kind;

    /// @param why one clause for administrators, without secrets
    UpstreamFault(Kind kind, String why) {
        super(why, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
