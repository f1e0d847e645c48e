package io.postern.domain.claims;

import io.postern.domain.claims.Operand.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/// One step that makes a value of a value. What compares, compares letter by letter, with its case.
public sealed interface Transformation {
    /// At most so many added attributes in a replacement.
    int ADDED_MAX = 5;

    /// The part before the at sign; a text without one stays.
    record ExtractMailPrefix() implements Transformation {}

    /// Input, separator, second value. In a NameID the domain of the input is dropped first.
    record Join(String separator, Operand second) implements Transformation {
        public Join {
            requireShort("separator", separator);
        }
    }

    record ToLowercase() implements Transformation {}

    record ToUppercase() implements Transformation {}

    /// Asks whether the input contains, starts or ends with a text.
    ///
    /// @param output when it does
    /// @param otherwise when not; nothing without one
    record Matches(Where where, String text, Operand output, Optional<Operand> otherwise) implements Transformation {
        public enum Where {
            CONTAINS,
            STARTS,
            ENDS
        }

        public Matches {
            requireText("value", text);
        }
    }

    /// What stands after, before or between texts; nothing where they are not found.
    ///
    /// @param second the closing text of between; empty for the others
    record Extract(Part part, String first, String second) implements Transformation {
        public enum Part {
            AFTER,
            BEFORE,
            BETWEEN
        }

        public Extract {
            requireText("value", first);
            if (part == Part.BETWEEN) {
                requireText("secondValue", second);
            }
        }
    }

    /// The letters or digits at one end.
    record ExtractRun(boolean digits, boolean prefix) implements Transformation {}

    /// `output` when the input is empty (or, with `empty` false, when it is not), else `otherwise`, and without one the
    /// input itself.
    record IfEmpty(boolean empty, Operand output, Optional<Operand> otherwise) implements Transformation {}

    /// @param start from 0; behind the end there is nothing
    /// @param length empty: to the end
    record Substring(int start, OptionalInt length) implements Transformation {
        public Substring {
            if (start < 0 || start > Operand.TEXT_MAX) {
                throw new ClaimsFault("start", "start " + start + " is not between 0 and " + Operand.TEXT_MAX);
            }
            if (length.isPresent() && (length.getAsInt() < 1 || length.getAsInt() > Operand.TEXT_MAX)) {
                throw new ClaimsFault(
                        "length", "length " + length.getAsInt() + " is not between 1 and " + Operand.TEXT_MAX);
            }
        }
    }

    /// @param added attributes that the replacement may name, by their names
    /// @param otherwise when nothing matches; nothing without one
    record RegexReplace(RegexReplacement regex, List<Operand.Attribute> added, Optional<Operand> otherwise)
            implements Transformation {
        public RegexReplace {
            added = List.copyOf(added);
        }

        /// @throws ClaimsFault when pattern or replacement cannot be, or too many attributes are added
        public static RegexReplace of(
                String pattern, String replacement, List<Operand.Attribute> added, Optional<Operand> otherwise) {
            if (added.size() > ADDED_MAX) {
                throw new ClaimsFault(
                        "attributes", added.size() + " attributes are added; " + ADDED_MAX + " are possible");
            }
            var names = new TreeSet<String>();
            added.forEach(attribute -> names.add(attribute.name()));
            return new RegexReplace(new RegexReplacement(pattern, replacement, names), added, otherwise);
        }
    }

    /// @param input may be empty
    /// @return may be empty: no value
    default String apply(String input, Scope scope) {
        return switch (this) {
            case ExtractMailPrefix() -> beforeAt(input);
            case Join(String separator, Operand second) -> join(input, separator, second.text(scope), scope.nameId());
            case ToLowercase() -> input.toLowerCase(Locale.ROOT);
            case ToUppercase() -> input.toUpperCase(Locale.ROOT);
            case Matches(Matches.Where where, String text, Operand output, Optional<Operand> otherwise) -> {
                boolean matches = switch (where) {
                    case CONTAINS -> input.contains(text);
                    case STARTS -> input.startsWith(text);
                    case ENDS -> input.endsWith(text);
                };
                yield matches
                        ? output.text(scope)
                        : otherwise.map(o -> o.text(scope)).orElse("");
            }
            case Extract(Extract.Part part, String first, String second) -> extract(input, part, first, second);
            case ExtractRun(boolean digits, boolean prefix) -> run(input, digits, prefix);
            case IfEmpty(boolean empty, Operand output, Optional<Operand> otherwise) ->
                input.isEmpty() == empty
                        ? output.text(scope)
                        : otherwise.map(o -> o.text(scope)).orElse(input);
            case Substring(int start, OptionalInt length) -> {
                int from = Math.min(start, input.length());
                yield input.substring(from, Math.min(from + length.orElse(Operand.TEXT_MAX), input.length()));
            }
            case RegexReplace(RegexReplacement regex, List<Operand.Attribute> added, Optional<Operand> otherwise) -> {
                Map<String, String> others = new TreeMap<>();
                added.forEach(attribute -> others.put(attribute.name(), attribute.text(scope)));
                yield regex.apply(input, others)
                        .orElseGet(() -> otherwise.map(o -> o.text(scope)).orElse(""));
            }
        };
    }

    private static String beforeAt(String text) {
        int at = text.indexOf('@');
        return at < 0 ? text : text.substring(0, at);
    }

    /// Nothing of two parts of which one lacks: half a name would be somebody else's.
    private static String join(String first, String separator, String second, boolean nameId) {
        return first.isEmpty() || second.isEmpty() ? "" : (nameId ? beforeAt(first) : first) + separator + second;
    }

    private static String extract(String input, Extract.Part part, String first, String second) {
        int found = input.indexOf(first);
        if (found < 0) {
            return "";
        }
        int after = found + first.length();
        return switch (part) {
            case BEFORE -> input.substring(0, found);
            case AFTER -> input.substring(after);
            case BETWEEN -> {
                int end = input.indexOf(second, after);
                yield end < 0 ? "" : input.substring(after, end);
            }
        };
    }

    private static String run(String input, boolean digits, boolean prefix) {
        IntPredicate wanted = digits ? c -> c >= '0' && c <= '9' : Character::isLetter;
        int[] points = input.codePoints().toArray();
        int length = 0;
        while (length < points.length && wanted.test(points[prefix ? length : points.length - 1 - length])) {
            length++;
        }
        return new String(points, prefix ? 0 : points.length - length, length);
    }

    private static void requireText(String field, String text) {
        requireShort(field, text);
        if (text.isEmpty()) {
            throw new ClaimsFault(field, field + " is missing; every text contains the empty one");
        }
    }

    private static void requireShort(String field, String text) {
        if (text.length() > RegexReplacement.PATTERN_MAX) {
            throw new ClaimsFault(
                    field,
                    field + " has " + text.length() + " characters; " + RegexReplacement.PATTERN_MAX + " are possible");
        }
    }
}
