package io.postern.domain.scim;

import java.util.List;
import java.util.Optional;

/// One attribute of a schema (RFC 7643 §7).
///
/// @param caseExact whether upper and lower case differ where it is compared
/// @param parts what a complex attribute consists of
public record Attribute(
        String name,
        Type type,
        boolean multiValued,
        boolean required,
        boolean caseExact,
        Mutability mutability,
        Returned returned,
        boolean unique,
        String description,
        List<String> canonicalValues,
        List<Attribute> parts) {
    /// The kinds of values; the names are the standard's in lower case.
    public enum Type {
        STRING("string"),
        BOOLEAN("boolean"),
        DATE_TIME("dateTime"),
        REFERENCE("reference"),
        COMPLEX("complex");

        private final String scimName;

        Type(String scimName) {
            this.scimName = scimName;
        }

        public String scimName() {
            return scimName;
        }
    }

    public enum Mutability {
        READ_ONLY("readOnly"),
        READ_WRITE("readWrite"),
        WRITE_ONLY("writeOnly");

        private final String scimName;

        Mutability(String scimName) {
            this.scimName = scimName;
        }

        public String scimName() {
            return scimName;
        }
    }

    public enum Returned {
        ALWAYS("always"),
        NEVER("never"),
        DEFAULT("default");

        private final String scimName;

        Returned(String scimName) {
            this.scimName = scimName;
        }

        public String scimName() {
            return scimName;
        }
    }

    public Attribute {
        canonicalValues = List.copyOf(canonicalValues);
        parts = List.copyOf(parts);
    }

    static Attribute text(String name, String description) {
        return of(name, Type.STRING, description);
    }

    static Attribute of(String name, Type type, String description) {
        return new Attribute(
                name,
                type,
                false,
                false,
                false,
                Mutability.READ_WRITE,
                Returned.DEFAULT,
                false,
                description,
                List.of(),
                List.of());
    }

    static Attribute complex(String name, String description, Attribute... parts) {
        return new Attribute(
                name,
                Type.COMPLEX,
                false,
                false,
                false,
                Mutability.READ_WRITE,
                Returned.DEFAULT,
                false,
                description,
                List.of(),
                List.of(parts));
    }

    /// A list of such values.
    Attribute many() {
        return new Attribute(
                name,
                type,
                true,
                required,
                caseExact,
                mutability,
                returned,
                unique,
                description,
                canonicalValues,
                parts);
    }

    Attribute needed() {
        return new Attribute(
                name,
                type,
                multiValued,
                true,
                caseExact,
                mutability,
                returned,
                unique,
                description,
                canonicalValues,
                parts);
    }

    Attribute exact() {
        return new Attribute(
                name,
                type,
                multiValued,
                required,
                true,
                mutability,
                returned,
                unique,
                description,
                canonicalValues,
                parts);
    }

    /// No other resource has the same.
    Attribute single() {
        return new Attribute(
                name,
                type,
                multiValued,
                required,
                caseExact,
                mutability,
                returned,
                true,
                description,
                canonicalValues,
                parts);
    }

    Attribute only(Mutability which) {
        return new Attribute(
                name,
                type,
                multiValued,
                required,
                caseExact,
                which,
                which == Mutability.WRITE_ONLY ? Returned.NEVER : returned,
                unique,
                description,
                canonicalValues,
                parts);
    }

    Attribute always() {
        return new Attribute(
                name,
                type,
                multiValued,
                required,
                caseExact,
                mutability,
                Returned.ALWAYS,
                unique,
                description,
                canonicalValues,
                parts);
    }

    Attribute oneOf(String... values) {
        return new Attribute(
                name,
                type,
                multiValued,
                required,
                caseExact,
                mutability,
                returned,
                unique,
                description,
                List.of(values),
                parts);
    }

    public Optional<Attribute> part(String wanted) {
        return parts.stream().filter(p -> p.name().equalsIgnoreCase(wanted)).findFirst();
    }
}
