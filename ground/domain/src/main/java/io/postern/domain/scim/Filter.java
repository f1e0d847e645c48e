package io.postern.domain.scim;

import java.util.List;

/// A condition on a resource, or on one value of a list (RFC 7644 §3.4.2.2).
public sealed interface Filter {
    /// All of them hold.
    record And(List<Filter> all) implements Filter {
        public And {
            all = List.copyOf(all);
        }
    }

    /// One of them holds.
    record Or(List<Filter> any) implements Filter {
        public Or {
            any = List.copyOf(any);
        }
    }

    record Not(Filter inner) implements Filter {}

    /// The attribute has a value.
    record Present(AttributePath path) implements Filter {}

    /// @param value a text, number or boolean, or [#NULL]
    record Comparison(AttributePath path, Operator operator, Object value) implements Filter {}

    /// One value of a list satisfies all of `inner`, whose names are those of the value's parts.
    record Values(AttributePath path, Filter inner) implements Filter {}

    enum Operator {
        EQ,
        NE,
        CO,
        SW,
        EW,
        GT,
        GE,
        LT,
        LE
    }

    /// Stands for `null` in a comparison.
    Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    /// @throws ScimFault `invalidFilter`, with the character where it went wrong
    static Filter parse(String text) {
        return new FilterParser(text).whole();
    }
}
