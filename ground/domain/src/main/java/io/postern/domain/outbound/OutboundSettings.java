package io.postern.domain.outbound;

import io.postern.domain.sync.DeletionLimit;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How users and groups are provisioned to one application.
///
/// @param target URL under which the application's SCIM resources lie, without a slash at its end
/// @param groups assigned groups are provisioned too
/// @param mapping what differs from the usual mapping, see [OutboundMapping]
/// @param deletions how many may be disabled or deleted before somebody has to allow it
public record OutboundSettings(
        String target,
        Login login,
        Match match,
        Set<Step> steps,
        boolean groups,
        Map<String, String> mapping,
        DeletionLimit deletions) {
    /// How we sign in there; the secret is kept elsewhere.
    public sealed interface Login {
        /// A token that does not change.
        record Token() implements Login {}

        /// A token that we fetch (RFC 6749 §4.4).
        ///
        /// @param scope empty: none is asked for
        record ClientCredentials(String tokenUrl, String clientId, String scope) implements Login {}
    }

    /// By what a user who is there already is known.
    public enum Match {
        USER_NAME("userName"),
        EXTERNAL_ID("externalId");

        private final String attribute;

        Match(String attribute) {
            this.attribute = attribute;
        }

        public String attribute() {
            return attribute;
        }

        /// @throws IllegalArgumentException naming what there is
        public static Match parse(String text) {
            for (Match match : values()) {
                if (match.attribute.equals(text)) {
                    return match;
                }
            }
            throw new IllegalArgumentException("matchAttribute '" + text + "' is unknown; use userName or externalId");
        }
    }

    /// What may be done there.
    public enum Step {
        CREATE,
        UPDATE,
        /// Disable who left the scope, and enable who comes back.
        DISABLE,
        /// Delete who was deleted here, and groups that are not assigned any more.
        DELETE;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// @throws IllegalArgumentException naming what there is
        public static Step parse(String text) {
            for (Step step : values()) {
                if (step.text().equals(text)) {
                    return step;
                }
            }
            throw new IllegalArgumentException(
                    "step '" + text + "' is unknown; there are create, update, disable and delete");
        }
    }

    public OutboundSettings {
        steps = Collections.unmodifiableSet(steps.isEmpty() ? EnumSet.noneOf(Step.class) : EnumSet.copyOf(steps));
        mapping = Collections.unmodifiableMap(new TreeMap<>(mapping));
    }

    public boolean may(Step step) {
        return steps.contains(step);
    }
}
