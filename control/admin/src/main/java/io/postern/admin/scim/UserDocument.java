package io.postern.admin.scim;

import io.postern.admin.service.Edit;
import io.postern.admin.service.ProvisionedUsers.Held;
import io.postern.admin.service.ProvisionedUsers.Wanted;
import io.postern.admin.service.UserDraft;
import io.postern.base.Secret;
import io.postern.domain.directory.Attributes;
import io.postern.domain.scim.ResourceType;
import io.postern.domain.scim.ScimFault;
import io.postern.store.Group;
import io.postern.store.ProvisioningStore.Anchor;
import io.postern.store.User;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A user as a document, and back. What has a place in a [User] goes there; the rest of the schema is kept beside it,
/// for the client that said it, and given back to it.
final class UserDocument {
    private static final String ENTERPRISE = ResourceType.ENTERPRISE_SCHEMA;
    private static final String NAME = "name";
    private static final String EMAILS = "emails";
    private static final String PHONES = "phoneNumbers";
    private static final String ADDRESSES = "addresses";
    private static final String MANAGER = "manager";
    private static final String TYPE = "type";
    private static final String VALUE = "value";
    private static final String PRIMARY = "primary";
    private static final String WORK = "work";

    /// Texts of the core and where they lie in a user.
    private static final Map<String, String> PLAIN = Map.of(
            "title", "jobTitle",
            "userType", "employeeType",
            "preferredLanguage", Attributes.PREFERRED_LANGUAGE);
    private static final Map<String, String> OF_ENTERPRISE = Map.of(
            "employeeNumber", "employeeId",
            "organization", "companyName",
            "department", "department");
    private static final Map<String, String> TELEPHONES =
            Map.of(WORK, "telephoneNumber", "mobile", "mobilePhone", "fax", "faxNumber");
    private static final Map<String, String> ADDRESS = Map.of(
            "streetAddress", "streetAddress",
            "locality", "city",
            "region", "state",
            "postalCode", "postalCode",
            "country", "country");

    private final String base;

    /// @param base URL under which the resources lie
    UserDocument(String base) {
        this.base = base;
    }

    String location(User user) {
        return base + "/Users/" + user.id();
    }

    /// With `meta`.
    Map<String, Object> of(Held held) {
        User user = held.user();
        var document = new LinkedHashMap<String, Object>();
        document.put("schemas", List.of(ResourceType.USER_SCHEMA, ENTERPRISE));
        document.put("id", user.id().value());
        held.anchor().externalId().ifPresent(id -> document.put("externalId", id));
        document.putAll(known(held));
        List<Map<String, Object>> groups =
                held.groups().stream().map(this::group).toList();
        if (!groups.isEmpty()) {
            document.put("groups", groups);
        }
        String version = Versions.of(document);
        document.put(
                "meta",
                Map.of(
                        "resourceType",
                        "User",
                        "created",
                        user.created().toString(),
                        "location",
                        location(user),
                        "version",
                        version));
        return document;
    }

    /// What changes are made upon: everything that a client may write, but for the password, which nobody reads.
    Map<String, Object> writable(Held held) {
        var document = new LinkedHashMap<>(known(held));
        held.anchor().externalId().ifPresent(id -> document.put("externalId", id));
        return document;
    }

    private Map<String, Object> known(Held held) {
        User user = held.user();
        Map<String, Object> rest = held.anchor().rest();
        var document = new LinkedHashMap<String, Object>();
        document.put("userName", user.userPrincipalName());
        document.putAll(rest);
        var name = new LinkedHashMap<>(parts(rest.get(NAME)));
        user.givenName().ifPresent(text -> name.put("givenName", text));
        user.surname().ifPresent(text -> name.put("familyName", text));
        putParts(document, NAME, name);
        document.put("displayName", user.displayName());
        document.put("active", user.accountEnabled());
        PLAIN.forEach((scim, graph) -> user.attributes().first(graph).ifPresent(text -> document.put(scim, text)));
        putList(document, EMAILS, emails(user, values(rest.get(EMAILS))));
        putList(document, PHONES, phones(user, values(rest.get(PHONES))));
        putList(document, ADDRESSES, addresses(user, values(rest.get(ADDRESSES))));
        var enterprise = new LinkedHashMap<>(parts(rest.get(ENTERPRISE)));
        OF_ENTERPRISE.forEach(
                (scim, graph) -> user.attributes().first(graph).ifPresent(text -> enterprise.put(scim, text)));
        user.attributes().first(Attributes.MANAGER).ifPresent(id -> {
            var manager = new LinkedHashMap<String, Object>();
            manager.put(VALUE, id);
            manager.put("$ref", base + "/Users/" + id);
            held.manager().ifPresent(display -> manager.put("displayName", display));
            enterprise.put(MANAGER, manager);
        });
        putParts(document, ENTERPRISE, enterprise);
        return document;
    }

    private Map<String, Object> group(Group group) {
        return Map.of(
                VALUE,
                group.id().value(),
                "$ref",
                base + "/Groups/" + group.id(),
                "display",
                group.displayName(),
                TYPE,
                "direct");
    }

    private static List<Map<String, Object>> emails(User user, List<Map<String, Object>> others) {
        var all = new ArrayList<Map<String, Object>>();
        user.mail().ifPresent(mail -> {
            var one = new LinkedHashMap<String, Object>(Map.of(VALUE, mail, TYPE, WORK));
            if (others.stream().noneMatch(other -> Boolean.TRUE.equals(other.get(PRIMARY)))) {
                one.put(PRIMARY, true);
            }
            all.add(one);
        });
        all.addAll(others);
        return all;
    }

    private static List<Map<String, Object>> phones(User user, List<Map<String, Object>> others) {
        return Stream.concat(
                        Stream.of(WORK, "mobile", "fax")
                                .flatMap(type -> user
                                        .attributes()
                                        .first(TELEPHONES.getOrDefault(type, ""))
                                        .map(number -> Map.<String, Object>of(VALUE, number, TYPE, type))
                                        .stream()),
                        others.stream())
                .toList();
    }

    private static List<Map<String, Object>> addresses(User user, List<Map<String, Object>> others) {
        var work = new LinkedHashMap<String, Object>();
        ADDRESS.forEach((scim, graph) -> user.attributes().first(graph).ifPresent(text -> work.put(scim, text)));
        if (!work.isEmpty()) {
            work.put(TYPE, WORK);
        }
        return Stream.concat(work.isEmpty() ? Stream.of() : Stream.of(work), others.stream())
                .toList();
    }

    /// What a user of this document is: every attribute that has a place in it, set or cleared. Whether he may sign in
    /// stays where the document does not say, and so does the password.
    ///
    /// @throws ScimFault `invalidValue` when there is no name
    Wanted wanted(Map<String, Object> document) {
        var rest = new LinkedHashMap<>(document);
        Optional<String> userName = take(rest, "userName");
        if (userName.isEmpty()) {
            throw ScimFault.value("userName is missing");
        }
        Optional<String> externalId = take(rest, "externalId");
        Map<String, Object> name = new LinkedHashMap<>(parts(rest.get(NAME)));
        Optional<String> given = take(name, "givenName");
        Optional<String> family = take(name, "familyName");
        putParts(rest, NAME, name);
        var attributes = new LinkedHashMap<String, Edit<String>>();
        PLAIN.forEach((scim, graph) -> attributes.put(graph, edit(take(rest, scim))));
        Edit<String> mail = edit(mail(rest));
        phones(rest, attributes);
        addresses(rest, attributes);
        enterprise(rest, attributes);
        Edit<Boolean> active = rest.remove("active") instanceof Boolean is ? Edit.to(is) : Edit.none();
        Edit<Secret> password =
                take(rest, "password").map(Secret::of).map(Edit::to).orElseGet(Edit::none);
        String display = take(rest, "displayName")
                .or(() -> Optional.ofNullable(name.get("formatted")).map(Object::toString))
                .orElseGet(() -> spoken(given, family, userName.get()));
        return new Wanted(
                new UserDraft(
                        Edit.to(userName.get()),
                        Edit.to(display),
                        edit(given),
                        edit(family),
                        mail,
                        active,
                        password,
                        Edit.none(),
                        attributes),
                new Anchor(externalId, rest));
    }

    private static String spoken(Optional<String> given, Optional<String> family, String userName) {
        String name =
                String.join(" ", Stream.concat(given.stream(), family.stream()).toList());
        return name.isEmpty() ? userName.replaceFirst("@.*", "") : name;
    }

    /// The address of type work, or the primary one, or the first; the others stay in the rest.
    private static Optional<String> mail(Map<String, Object> rest) {
        var all = new ArrayList<>(values(rest.get(EMAILS)));
        Optional<Map<String, Object>> chosen = all.stream()
                .filter(e -> e.containsKey(VALUE) && isOfType(e, WORK))
                .findFirst()
                .or(() -> all.stream()
                        .filter(e -> e.containsKey(VALUE) && Boolean.TRUE.equals(e.get(PRIMARY)))
                        .findFirst())
                .or(() -> all.stream().filter(e -> e.containsKey(VALUE)).findFirst());
        chosen.ifPresent(all::remove);
        putList(rest, EMAILS, all);
        return chosen.map(e -> String.valueOf(e.get(VALUE)));
    }

    private static void phones(Map<String, Object> rest, Map<String, Edit<String>> attributes) {
        var all = new ArrayList<>(values(rest.get(PHONES)));
        TELEPHONES.forEach((type, graph) -> {
            Optional<Map<String, Object>> chosen = all.stream()
                    .filter(p -> p.containsKey(VALUE) && isOfType(p, type))
                    .findFirst();
            chosen.ifPresent(all::remove);
            attributes.put(graph, edit(chosen.map(p -> String.valueOf(p.get(VALUE)))));
        });
        putList(rest, PHONES, all);
    }

    private static void addresses(Map<String, Object> rest, Map<String, Edit<String>> attributes) {
        var all = new ArrayList<>(values(rest.get(ADDRESSES)));
        Map<String, Object> work = all.stream()
                .filter(a -> isOfType(a, WORK))
                .findFirst()
                .or(() -> all.stream().filter(a -> !a.containsKey(TYPE)).findFirst())
                .orElse(Map.of());
        all.remove(work);
        ADDRESS.forEach((scim, graph) ->
                attributes.put(graph, edit(Optional.ofNullable(work.get(scim)).map(Object::toString))));
        putList(rest, ADDRESSES, all);
    }

    private static void enterprise(Map<String, Object> rest, Map<String, Edit<String>> attributes) {
        var enterprise = new LinkedHashMap<>(parts(rest.get(ENTERPRISE)));
        OF_ENTERPRISE.forEach((scim, graph) -> attributes.put(graph, edit(take(enterprise, scim))));
        Object manager = parts(enterprise.remove(MANAGER)).getOrDefault(VALUE, "");
        attributes.put(Attributes.MANAGER, edit(Optional.of(manager.toString()).filter(id -> !id.isEmpty())));
        putParts(rest, ENTERPRISE, enterprise);
    }

    private static boolean isOfType(Map<String, Object> value, String type) {
        return value.getOrDefault(TYPE, "").toString().equalsIgnoreCase(type);
    }

    private static Edit<String> edit(Optional<String> value) {
        return new Edit<>(true, value);
    }

    private static Optional<String> take(Map<String, Object> from, String name) {
        return Optional.ofNullable(from.remove(name)).map(Object::toString).filter(text -> !text.isBlank());
    }

    private static void putParts(Map<String, Object> document, String name, Map<String, Object> parts) {
        if (parts.isEmpty()) {
            document.remove(name);
        } else {
            document.put(name, parts);
        }
    }

    private static void putList(Map<String, Object> document, String name, List<Map<String, Object>> values) {
        if (values.isEmpty()) {
            document.remove(name);
        } else {
            document.put(name, values);
        }
    }

    @SuppressWarnings("unchecked") // documents have texts as names
    private static Map<String, Object> parts(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static List<Map<String, Object>> values(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(UserDocument::parts).toList()
                : List.of();
    }
}
