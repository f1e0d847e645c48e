package io.postern.domain.claims;

import io.postern.domain.claims.Operand.Scope;
import java.util.List;
import java.util.Optional;

/// A value and what is done to it.
///
/// @param steps at most two (CLM-1); the second works on the outcome of the first
public record Source(Operand input, List<Transformation> steps) {
    /// CLM-1
    public static final int STEPS_MAX = 2;

    private static final int VALUES_MAX = 500;

    public Source {
        steps = List.copyOf(steps);
        if (steps.size() > STEPS_MAX) {
            throw new ClaimsFault(
                    "transformations",
                    steps.size() + " transformations are chained; " + STEPS_MAX + " are possible (CLM-1)");
        }
    }

    public static Source attribute(String name) {
        return new Source(new Operand.Attribute(name), List.of());
    }

    public static Source constant(String text) {
        return new Source(new Operand.Constant(text), List.of());
    }

    /// Rows of attributes are judged before rows of transformations (CLM-2).
    boolean isTransformed() {
        return !steps.isEmpty();
    }

    /// @return no empty ones, none twice, at most 500
    List<String> values(Scope scope, boolean multivalued) {
        List<String> inputs = input.values(scope);
        if (inputs.isEmpty()) {
            inputs = List.of(""); // so that IfEmpty has something to ask
        }
        return inputs.stream()
                .limit(multivalued ? VALUES_MAX : 1)
                .map(value -> worked(value, scope))
                .filter(value -> !value.isEmpty() && value.length() <= Operand.TEXT_MAX)
                .distinct()
                .toList();
    }

    Optional<String> value(Scope scope) {
        return values(scope, false).stream().findFirst();
    }

    private String worked(String value, Scope scope) {
        String worked = value;
        for (Transformation step : steps) {
            worked = step.apply(worked, scope);
        }
        return worked;
    }
}
