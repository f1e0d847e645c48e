package io.postern.domain.outbound;

import io.postern.domain.directory.Attributes;
import io.postern.domain.scim.Patch;
import io.postern.domain.scim.ResourceType;
import io.postern.domain.scim.ScimFault;
import io.postern.domain.sync.Expression;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which attribute there comes from which property here: paths of SCIM to expressions over properties of a user, in
/// the language of synchronisation ([Expression]). `active` and members of groups have their own rules and no place in
/// it.
///
/// @param users by path, such as `name.givenName` or `emails[type eq "work"].value`
public record OutboundMapping(Map<String, Expression> users) {
    /// Turns a usual attribute off.
    public static final String NONE = "none";

    public static final String ACTIVE = "active";
    public static final String USER_NAME = "userName";
    public static final String EXTERNAL_ID = "externalId";
    public static final String DISPLAY_NAME = "displayName";

    private static final int MAPPED_MAX = 100;
    private static final Set<String> NAMES = Set.of(
            "id", "userPrincipalName", DISPLAY_NAME, "givenName", "surname", "mail", "accountEnabled", "mailNickname");
    private static final Set<String> KNOWN = known();
    private static final Map<String, String> USUAL = usual();

    public OutboundMapping {
        users = Collections.unmodifiableMap(new TreeMap<>(users));
    }

    /// The usual mapping with what differs.
    ///
    /// @throws IllegalArgumentException for a path or a property that there is not, or an expression that is none
    public static OutboundMapping of(Map<String, String> different) {
        var all = new TreeMap<>(USUAL);
        all.putAll(different);
        if (all.size() > MAPPED_MAX) {
            throw new IllegalArgumentException("a mapping has " + MAPPED_MAX + " attributes at most");
        }
        var users = new TreeMap<String, Expression>();
        all.forEach((path, text) -> {
            if (!text.equals(NONE)) {
                users.put(path, checked(path, text));
            } else if (path.equals(USER_NAME)) {
                throw new IllegalArgumentException("userName must come from somewhere; it cannot be none");
            }
        });
        return new OutboundMapping(users);
    }

    private static Expression checked(String path, String text) {
        if (path.equals(ACTIVE) || path.equals("password") || path.equals("id")) {
            throw new IllegalArgumentException("'" + path + "' cannot be mapped; Postern sets it, or never tells it");
        }
        try {
            document(Map.of(path, "x"));
        } catch (ScimFault e) {
            throw new IllegalArgumentException("'" + path + "' cannot be mapped: " + e.getMessage(), e);
        }
        Expression expression;
        try {
            expression = Expression.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
        expression.attributes().stream()
                .filter(name -> !KNOWN.contains(name) && !Attributes.isExtension(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(path + ": a user has no property '" + name + "'");
                });
        return expression;
    }

    /// What an application is told of a user, by path.
    ///
    /// @param properties by name in lower case, see [#properties]
    public Map<String, String> values(Map<String, List<String>> properties) {
        var values = new TreeMap<String, String>();
        users.forEach((path, expression) -> expression.value(properties).ifPresent(value -> values.put(path, value)));
        return values;
    }

    /// The resource that has these values and nothing else.
    ///
    /// @throws ScimFault when a path leads nowhere
    public static Map<String, Object> document(Map<String, String> values) {
        Map<String, Object> document = new TreeMap<>();
        for (Map.Entry<String, String> value : values.entrySet()) {
            Optional<Custom> custom = Custom.of(value.getKey());
            if (custom.isPresent()) {
                custom.get().put(document, value.getValue());
                continue;
            }
            var add = new Patch.Operation(Patch.Kind.ADD, Optional.of(value.getKey()), value.getValue());
            document = new TreeMap<>(new Patch(List.of(add)).apply(ResourceType.USER, document));
        }
        return document;
    }

    /// An attribute of a schema that only the application knows: `urn:...:Name:attribute`.
    private record Custom(String schema, String attribute) {
        static Optional<Custom> of(String path) {
            int colon = path.lastIndexOf(':');
            boolean known = Stream.of(ResourceType.USER_SCHEMA, ResourceType.ENTERPRISE_SCHEMA)
                    .anyMatch(schema -> path.regionMatches(true, 0, schema, 0, schema.length()));
            if (known || !path.matches("urn:[A-Za-z0-9][A-Za-z0-9:._-]{1,250}:[A-Za-z][A-Za-z0-9_-]{0,63}")) {
                return Optional.empty();
            }
            return Optional.of(new Custom(path.substring(0, colon), path.substring(colon + 1)));
        }

        void put(Map<String, Object> document, String value) {
            Map<String, Object> inner = new TreeMap<>();
            if (document.get(schema) instanceof Map<?, ?> old) {
                old.forEach((name, held) -> inner.put(String.valueOf(name), held));
            }
            inner.put(attribute, value);
            document.put(schema, inner);
        }
    }

    private static Set<String> known() {
        return Stream.of(NAMES, Attributes.NAMES, Attributes.LISTS)
                .flatMap(Set::stream)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> usual() {
        String enterprise = ResourceType.ENTERPRISE_SCHEMA + ":";
        var usual = new TreeMap<>(Map.ofEntries(
                Map.entry(USER_NAME, "userPrincipalName"),
                Map.entry(EXTERNAL_ID, "id"),
                Map.entry(DISPLAY_NAME, DISPLAY_NAME),
                Map.entry("name.givenName", "givenName"),
                Map.entry("name.familyName", "surname"),
                Map.entry("emails[type eq \"work\"].value", "mail"),
                Map.entry("title", "jobTitle"),
                Map.entry("preferredLanguage", "preferredLanguage"),
                Map.entry("phoneNumbers[type eq \"work\"].value", "telephoneNumber"),
                Map.entry("phoneNumbers[type eq \"mobile\"].value", "mobilePhone"),
                Map.entry(enterprise + "employeeNumber", "employeeId"),
                Map.entry(enterprise + "department", "department"),
                Map.entry(enterprise + "organization", "companyName")));
        Map.of(
                        "streetAddress", "streetAddress",
                        "locality", "city",
                        "region", "state",
                        "postalCode", "postalCode",
                        "country", "country")
                .forEach((part, property) -> usual.put("addresses[type eq \"work\"]." + part, property));
        return Collections.unmodifiableMap(usual);
    }
}
