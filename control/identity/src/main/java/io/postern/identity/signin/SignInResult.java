package io.postern.identity.signin;

import io.postern.store.User;
import java.time.Duration;

/// What a try to sign in came to.
public sealed interface SignInResult {
    record Welcome(User user) implements SignInResult {}

    /// The password is right and must be changed before anything else.
    record MustChange(User user) implements SignInResult {}

    record Refused(Reason reason, Duration retryAfter) implements SignInResult {
        Refused(Reason reason) {
            this(reason, Duration.ZERO);
        }
    }

    enum Reason {
        /// Wrong name or password; which of them is not told.
        WRONG(50126, 400, "signIn.wrong"),
        LOCKED(50053, 429, "signIn.locked"),
        THROTTLED(90055, 429, "signIn.throttled"),
        BUSY(90033, 503, "signIn.busy"),
        DISABLED(50057, 400, "signIn.disabled"),
        OTHER_TENANT(50020, 400, "signIn.otherTenant");

        private final int number;
        private final int status;
        private final String text;

        Reason(int number, int status, String text) {
            this.number = number;
            this.status = status;
            this.text = text;
        }

        public int number() {
            return number;
        }

        public int status() {
            return status;
        }

        /// Key of the sentence that the user reads.
        public String text() {
            return text;
        }
    }
}
