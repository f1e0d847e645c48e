package io.postern.domain.claims;

import java.util.List;

/// What a rule takes a value from.
public sealed interface Operand {
    /// Longer constants and outcomes are refused or dropped.
    int TEXT_MAX = 4096;

    /// An attribute of the user.
    ///
    /// @param name any spelling; kept as the directory has it
    record Attribute(String name) implements Operand {
        public Attribute {
            name = AttributeNames.canonical(name);
        }
    }

    /// The same for everybody.
    record Constant(String text) implements Operand {
        public Constant {
            if (text.length() > TEXT_MAX) {
                throw new ClaimsFault(
                        "value", "the constant has " + text.length() + " characters; " + TEXT_MAX + " are possible");
            }
        }
    }

    /// The identifier of the user at this application alone ([PairwiseIds]).
    record Pairwise() implements Operand {}

    /// No empty ones among them.
    default List<String> values(Scope scope) {
        return switch (this) {
            case Attribute(String name) -> scope.person().values(name);
            case Constant(String text) -> text.isEmpty() ? List.of() : List.of(text);
            case Pairwise() -> List.of(scope.pairwise());
        };
    }

    /// The first one, or nothing.
    default String text(Scope scope) {
        return values(scope).stream().findFirst().orElse("");
    }

    /// What rules look at while they are evaluated.
    ///
    /// @param pairwise identifier of the user at the application
    /// @param nameId the value becomes the NameID
    record Scope(Person person, String pairwise, boolean nameId) {}
}
