package io.postern.identity.signin;

import io.postern.store.User;
import java.time.Duration;
import java.util.Set;

/// What a try to sign in came to.
public sealed interface SignInResult {
    /// @param methods what was proved (RFC 8176)
    /// @param details who checked it, for administrators; empty when it was checked here
    record Welcome(User user, Set<String> methods, String details) implements SignInResult {
        public Welcome {
            methods = Set.copyOf(methods);
        }
    }

    /// @param details for administrators; empty for none
    /// @param news worth an entry in the log: of the many that a flood gets, one a minute is
    record Refused(Reason reason, Duration retryAfter, boolean news, String details) implements SignInResult {
        Refused(Reason reason, Duration retryAfter) {
            this(reason, retryAfter, true, "");
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
        OTHER_TENANT(50020, 400, "signIn.otherTenant"),
        /// The user's directory says so, and so on.
        EXPIRED_THERE(50055, 400, "signIn.there.expired"),
        MUST_CHANGE_THERE(50055, 400, "signIn.there.mustChange"),
        LOCKED_THERE(50053, 400, "signIn.there.locked"),
        ACCOUNT_EXPIRED(50057, 400, "signIn.there.accountExpired"),
        HOURS(80012, 400, "signIn.there.hours"),
        RESTRICTED(80007, 400, "signIn.there.restricted"),
        /// No connector, or none that reaches the directory.
        AWAY(80001, 503, "signIn.there.away"),
        SILENT(80002, 503, "signIn.there.away"),
        FAILED_THERE(80007, 503, "signIn.there.away"),
        UNREADABLE(80010, 503, "signIn.there.away");

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

        /// It is not the user's fault that the password was not checked.
        boolean isOurs() {
            return this == AWAY || this == SILENT || this == FAILED_THERE || this == UNREADABLE;
        }

        /// Key of the sentence that the user reads.
        public String text() {
            return text;
        }
    }
}
