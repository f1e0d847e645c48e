package io.postern.domain.membership;

import java.util.List;

/// What became of a rule, or of a part of it, for one user.
///
/// @param expression the part as it is written
/// @param values what the user has there; empty where nothing is compared
/// @param parts of which it is made; empty for a single comparison
public record Evaluation(String expression, boolean result, List<String> values, List<Evaluation> parts) {
    public Evaluation {
        values = List.copyOf(values);
        parts = List.copyOf(parts);
    }
}
