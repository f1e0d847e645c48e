package io.postern.domain.outbound;

import io.postern.domain.outbound.OutboundSettings.Step;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What becomes of one user at an application; pure.
///
/// @param here what he is here
/// @param wanted what the application is to know of him, without `active`
/// @param sent what it knows, `active` among it; empty: he is not there by our doing
public record OutboundUser(Here here, Map<String, String> wanted, Optional<Map<String, String>> sent) {
    /// What a user is to the application.
    public enum Here {
        /// Assigned, and may sign in.
        ENTITLED,
        /// Assigned, and disabled.
        DISABLED,
        /// Not assigned, or deleted but restorable.
        OUT_OF_SCOPE,
        /// Deleted for good.
        GONE
    }

    /// What is to be done.
    public sealed interface Plan {
        /// @param why a sentence for people
        record Nothing(String why) implements Plan {}

        /// Find him there, or make him.
        record Create(Map<String, String> values) implements Plan {}

        /// @param values what he is known as then
        record Update(Map<String, String> values) implements Plan {}

        /// @param values what he is known as then
        record Disable(Map<String, String> values) implements Plan {}

        record Delete() implements Plan {}
    }

    private static final String TRUE = "true";
    private static final String FALSE = "false";

    public Plan plan(OutboundSettings settings) {
        return switch (here) {
            case ENTITLED -> sent.isPresent() ? update(settings, TRUE) : create(settings);
            case DISABLED ->
                sent.isPresent()
                        ? update(settings, FALSE)
                        : new Plan.Nothing("the account is disabled, and the application does not know it");
            case OUT_OF_SCOPE -> leave(settings);
            case GONE -> sent.isPresent() && settings.may(Step.DELETE) ? new Plan.Delete() : leave(settings);
        };
    }

    private Plan create(OutboundSettings settings) {
        if (!settings.may(Step.CREATE)) {
            return new Plan.Nothing("create is switched off");
        }
        return new Plan.Create(with(wanted, TRUE));
    }

    private Plan update(OutboundSettings settings, String active) {
        Map<String, String> known = sent.orElseThrow();
        Map<String, String> then = settings.may(Step.UPDATE) ? new TreeMap<>(wanted) : new TreeMap<>(known);
        String before = known.getOrDefault(OutboundMapping.ACTIVE, TRUE);
        String after = settings.may(Step.DISABLE) ? active : before;
        then.put(OutboundMapping.ACTIVE, after);
        if (then.equals(known)) {
            return new Plan.Nothing("the application knows everything already");
        }
        return after.equals(FALSE) && !before.equals(FALSE) ? new Plan.Disable(then) : new Plan.Update(then);
    }

    private Plan leave(OutboundSettings settings) {
        if (sent.isEmpty()) {
            return new Plan.Nothing("not assigned to the application, which does not know it");
        }
        Map<String, String> known = sent.get();
        if (known.getOrDefault(OutboundMapping.ACTIVE, TRUE).equals(FALSE)) {
            return new Plan.Nothing("disabled there already");
        }
        if (!settings.may(Step.DISABLE)) {
            return new Plan.Nothing("disable is switched off");
        }
        return new Plan.Disable(with(known, FALSE));
    }

    private static Map<String, String> with(Map<String, String> values, String active) {
        var all = new TreeMap<>(values);
        all.put(OutboundMapping.ACTIVE, active);
        return all;
    }
}
