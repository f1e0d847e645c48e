package io.postern.admin.scim;

import io.postern.admin.service.ProvisionedGroups.Held;
import io.postern.admin.service.ProvisionedGroups.Step;
import io.postern.admin.service.ProvisionedGroups.Wanted;
import io.postern.domain.UserId;
import io.postern.domain.scim.Attribute;
import io.postern.domain.scim.Filter;
import io.postern.domain.scim.Incoming;
import io.postern.domain.scim.Matching;
import io.postern.domain.scim.Patch;
import io.postern.domain.scim.Patch.Kind;
import io.postern.domain.scim.PatchPath;
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
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A group as a document, and back. Members are changed by steps and never through the document: one more among
/// fifty thousand must not cost fifty thousand.
final class GroupDocument {
    private static final String MEMBERS = "members";
    private static final String DISPLAY_NAME = "displayName";
    private static final String EXTERNAL_ID = "externalId";
    private static final Attribute MEMBER = ResourceType.GROUP.core().attributes().stream()
            .filter(a -> a.name().equals(MEMBERS))
            .findFirst()
            .orElseThrow();

    private final String base;

    /// @param base URL under which the resources lie
    GroupDocument(String base) {
        this.base = base;
    }

    String location(Group group) {
        return base + "/Groups/" + group.id();
    }

    /// With `meta`; without a version when the members were not read.
    Map<String, Object> of(Held held) {
        Group group = held.group();
        var document = new LinkedHashMap<String, Object>();
        document.put("schemas", List.of(ResourceType.GROUP_SCHEMA));
        document.put("id", group.id().value());
        document.putAll(writable(held));
        held.members()
                .map(members -> Stream.concat(
                                members.users().stream().map(this::member),
                                members.groups().stream().map(this::member))
                        .toList())
                .filter(members -> !members.isEmpty())
                .ifPresent(members -> document.put(MEMBERS, members));
        var meta = new LinkedHashMap<String, Object>();
        if (held.members().isPresent()) {
            meta.put("version", Versions.of(document));
        }
        meta.put("resourceType", "Group");
        meta.put("created", group.created().toString());
        meta.put("location", location(group));
        document.put("meta", meta);
        return document;
    }

    private static Map<String, Object> writable(Held held) {
        var document = new LinkedHashMap<String, Object>();
        document.put(DISPLAY_NAME, held.group().displayName());
        held.anchor().externalId().ifPresent(id -> document.put(EXTERNAL_ID, id));
        return document;
    }

    private Map<String, Object> member(User user) {
        return Map.of(
                "value",
                user.id().value(),
                "$ref",
                base + "/Users/" + user.id(),
                "display",
                user.displayName(),
                "type",
                "User");
    }

    private Map<String, Object> member(Group group) {
        return Map.of(
                "value", group.id().value(), "$ref", location(group), "display", group.displayName(), "type", "Group");
    }

    /// What a group of this document is. Members stay where it does not name any; an empty list says that there are
    /// none.
    Wanted wanted(Map<String, Object> sent) {
        Map<String, Object> document = new Incoming(ResourceType.GROUP).document(sent);
        boolean named = sent.keySet().stream().anyMatch(MEMBERS::equalsIgnoreCase);
        return wanted(document, named ? List.of(new Step.Exactly(ids(document.get(MEMBERS)))) : List.of());
    }

    private static Wanted wanted(Map<String, Object> document, List<Step> members) {
        Object name = document.getOrDefault(DISPLAY_NAME, "");
        if (name.toString().isBlank()) {
            throw ScimFault.value("displayName is missing");
        }
        return new Wanted(
                name.toString().strip(),
                new Anchor(Optional.ofNullable(document.get(EXTERNAL_ID)).map(Object::toString), Map.of()),
                members);
    }

    Wanted patched(Patch patch, Held held) {
        var rest = new ArrayList<Patch.Operation>();
        var steps = new ArrayList<Step>();
        for (Patch.Operation operation : patch.operations()) {
            if (operation.path().isEmpty() && operation.value() instanceof Map<?, ?> map) {
                var others = new LinkedHashMap<String, @Nullable Object>();
                map.forEach((key, value) -> {
                    if (isMembers(String.valueOf(key))) {
                        steps.add(step(operation.kind(), Optional.empty(), value));
                    } else {
                        others.put(String.valueOf(key), value);
                    }
                });
                rest.add(new Patch.Operation(operation.kind(), Optional.empty(), others));
                continue;
            }
            Optional<PatchPath> path = operation.path().map(PatchPath::parse).filter(GroupDocument::isMembers);
            if (path.isPresent()) {
                steps.add(step(operation.kind(), path.get().filter(), operation.value()));
            } else {
                rest.add(operation);
            }
        }
        return wanted(new Patch(rest).apply(ResourceType.GROUP, writable(held)), steps);
    }

    private static boolean isMembers(String name) {
        return name.equalsIgnoreCase(MEMBERS) || name.equalsIgnoreCase(ResourceType.GROUP_SCHEMA + ":" + MEMBERS);
    }

    private static boolean isMembers(PatchPath path) {
        if (!path.attribute().attribute().equalsIgnoreCase(MEMBERS)) {
            return false;
        }
        if (path.attribute().part().isPresent()) {
            throw ScimFault.noTarget("a member is added or removed, and never changed; use the path members");
        }
        return true;
    }

    private Step step(Kind kind, Optional<Filter> filter, @Nullable Object value) {
        if (filter.isPresent()) {
            if (kind != Kind.REMOVE) {
                throw ScimFault.noTarget("a member is added or removed, and never changed; use the path members");
            }
            Predicate<Map<String, Object>> wanted = Matching.ofValue(MEMBER, filter.get());
            return one(filter.get())
                    .<Step>map(id -> new Step.Leave(List.of(id)))
                    .orElseGet(() ->
                            new Step.LeaveIf(user -> wanted.test(member(user)), group -> wanted.test(member(group))));
        }
        if (kind == Kind.REMOVE && value == null) {
            return new Step.Exactly(List.of());
        }
        Map<String, @Nullable Object> sent = new LinkedHashMap<>();
        sent.put(MEMBERS, value);
        List<String> ids = ids(new Incoming(ResourceType.GROUP).document(sent).get(MEMBERS));
        return switch (kind) {
            case ADD -> new Step.Join(ids);
            case REMOVE -> new Step.Leave(ids);
            case REPLACE -> new Step.Exactly(ids);
        };
    }

    /// `value eq "id"`, which is what nearly every client sends.
    private static Optional<String> one(Filter filter) {
        return filter instanceof Filter.Comparison(var path, var operator, var value)
                        && operator == Filter.Operator.EQ
                        && path.attribute().equalsIgnoreCase("value")
                ? UserIds.parse(value.toString()).map(UserId::value)
                : Optional.empty();
    }

    private static List<String> ids(@Nullable Object members) {
        var ids = new ArrayList<String>();
        for (Object each : members instanceof List<?> list ? list : List.of()) {
            Object value = each instanceof Map<?, ?> map ? String.valueOf(map.get("value")) : each;
            ids.add(UserIds.parse(value.toString())
                    .map(UserId::value)
                    .orElseThrow(() ->
                            ScimFault.value("a member's value '" + value + "' is not the id of a user or a group")));
        }
        return ids;
    }
}
