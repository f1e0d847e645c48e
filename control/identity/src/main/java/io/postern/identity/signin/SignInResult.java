package io.postern.identity.signin;

import io.postern.store.User;
import java.time.Duration;
import java.util.Set;

/// What a try to sign in came to.
public sealed interface SignInResult {
    /// @param methods what was proved (RFC 8176)
    record Welcome(User user, Set<String> methods) implements SignInResult {
        public Welcome {
            methods = Set.copyOf(methods);
        }
    }

    /// @param news worth an entry in the log: of the many that a flood gets, one a minute is
    record Refused(Reason reason, Duration retryAfter, boolean news) implements SignInResult {
        Refused(Reason reason, Duration retryAfter) {
            this(reason, retryAfter, true);
        }

        Refused(Reason reason) {
            this(reason, Duration.ZERO);
        }
    }

    enum Reason {
        /// Wrong name or password; which of them is not told.
        WRONG(50126, 400, "signIn.wrong"),
        WRONG_PASS(130503, 400, "pass.wrong"),
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
