package io.postern.admin.outbound;

import java.time.Duration;
import java.util.Optional;

/// Why an application did not take something, in a sentence for whoever administers it.
final class DeliveryFault extends Exception {
    private static final long serialVersionUID = 1;

    enum Kind {
        /// It cannot be reached, or may not be.
        UNREACHABLE("TargetUnreachable", "See that the application runs and that its URL is right."),
        /// It does not take our token.
        REFUSED("InvalidCredentials", "Give a token that the application takes: postern app provisioning set --secret-file."),
        /// It asks us to wait.
        BUSY("TooManyRequests", "Nothing is to be done; it is tried again when the application said."),
        /// It answers 500 and the like.
        FAILING("TargetError", "Look into the application's log; it is tried again by itself."),
        /// This one it does not take.
        OBJECT("TargetRejected", "Mend the user, the group or the mapping as the application says."),
        /// It takes our token, but not for this: an administrator of its own, for instance.
        FORBIDDEN("TargetForbidden", "See what our token may do in the application."),
        /// It does not know what we know of.
        GONE("TargetNotFound", "Nothing is to be done; it is made anew."),
        /// Another one of that name is there.
        TAKEN("DuplicateTargetEntry", "Rename one of the two, or match by another attribute.");

        private final String code;
        private final String remedy;

        Kind(String code, String remedy) {
            this.code = code;
            this.remedy = remedy;
        }

        String code() {
            return code;
        }

        String remedy() {
            return remedy;
        }
    }

    private final Kind kind;
    private final transient Optional<Duration> wait;

    DeliveryFault(Kind kind, String message) {
        this(kind, message, Optional.empty());
    }

    /// @param wait what the application asks for
    DeliveryFault(Kind kind, String message, Optional<Duration> wait) {
        super(message, null, false, false); // expected: no stack trace
        this.kind = kind;
        this.wait = wait;
    }

    Kind kind() {
        return kind;
    }

    Optional<Duration> waiting() {
        return wait;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
