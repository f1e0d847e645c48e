package io.postern.admin.enroll;

import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject;
import io.postern.domain.sync.DirectoryObject.Kind;
import io.postern.domain.sync.DirectoryObject.Members;
import io.postern.web.BadRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects of a directory in JSON.
final class EntryForm {
    static final int ENTRIES_MAX = 1_000;
    static final int MEMBERS_MAX = 5_000;
    private static final int ATTRIBUTES_MAX = 256;
    private static final int VALUES_MAX = 1_000;

    private EntryForm() {}

    /// @throws BadRequest with the entry and what is wrong with it; then none is taken
    static List<DirectoryObject> entries(ObjectNode page) {
        if (!(page.get("entries") instanceof ArrayNode list) || list.size() > ENTRIES_MAX) {
            throw new BadRequest("entries must be a list of at most " + ENTRIES_MAX);
        }
        var entries = new ArrayList<DirectoryObject>();
        int members = 0;
        for (JsonNode node : list) {
            if (!(node instanceof ObjectNode entry)) {
                throw new BadRequest("entries[" + entries.size() + "] must be an object");
            }
            try {
                entries.add(entry(entry));
            } catch (IllegalArgumentException | BadRequest e) {
                throw new BadRequest("entries[" + entries.size() + "]: " + e.getMessage());
            }
            members += entries.getLast()
                    .members()
                    .map(m -> m.add().size() + m.remove().size())
                    .orElse(0);
        }
        if (members > MEMBERS_MAX) {
            throw new BadRequest("a page may name " + MEMBERS_MAX + " members, it named " + members
                    + "; send the others in further pages");
        }
        return entries;
    }

    private static DirectoryObject entry(ObjectNode entry) {
        boolean deleted = entry.path("deleted").asBoolean(false);
        Optional<DirectoryName> name = entry.hasNonNull("dn")
                ? Optional.of(DirectoryName.of(entry.path("dn").asString()))
                : Optional.empty();
        if (name.isEmpty() && !deleted) {
            throw new BadRequest("dn is missing");
        }
        return new DirectoryObject(
                Forms.text(entry, "id", 64), kind(entry), name, deleted, attributes(entry), members(entry));
    }

    private static Kind kind(ObjectNode entry) {
        String kind = Forms.text(entry, "kind", 16);
        return switch (kind) {
            case "user" -> Kind.USER;
            case "group" -> Kind.GROUP;
            case "other" -> Kind.OTHER;
            default -> throw new BadRequest("kind is '" + Forms.printable(kind) + "' but must be user, group or other");
        };
    }

    private static Map<String, List<String>> attributes(ObjectNode entry) {
        var attributes = new TreeMap<String, List<String>>();
        if (!entry.hasNonNull("attributes")) {
            return attributes;
        }
        if (!entry.path("attributes").isObject() || entry.path("attributes").size() > ATTRIBUTES_MAX) {
            throw new BadRequest("attributes must be an object of at most " + ATTRIBUTES_MAX + " lists");
        }
        entry.path("attributes")
                .properties()
                .forEach(a -> attributes.put(a.getKey(), texts(a.getKey(), a.getValue(), VALUES_MAX)));
        return attributes;
    }

    private static Optional<Members> members(ObjectNode entry) {
        if (!entry.hasNonNull("members")) {
            return Optional.empty();
        }
        JsonNode members = entry.path("members");
        if (!members.path("complete").isBoolean()) {
            throw new BadRequest("members.complete must be true or false");
        }
        return Optional.of(new Members(
                members.path("complete").booleanValue(),
                piece(members.path("piece").asString("whole")),
                names(members, "add"),
                names(members, "remove")));
    }

    private static Members.Piece piece(String piece) {
        return switch (piece) {
            case "whole" -> Members.Piece.WHOLE;
            case "first" -> Members.Piece.FIRST;
            case "next" -> Members.Piece.NEXT;
            case "last" -> Members.Piece.LAST;
            default ->
                throw new BadRequest("members.piece is '" + Forms.printable(piece)
                        + "' but must be first, next or last, or be missing");
        };
    }

    private static List<DirectoryName> names(JsonNode members, String name) {
        return members.hasNonNull(name)
                ? texts(name, members.path(name), MEMBERS_MAX).stream()
                        .map(DirectoryName::of)
                        .toList()
                : List.of();
    }

    private static List<String> texts(String name, JsonNode list, int max) {
        if (!list.isArray() || list.size() > max) {
            throw new BadRequest(Forms.printable(name) + " must be a list of at most " + max + " texts");
        }
        return list.valueStream()
                .map(node -> {
                    if (!node.isString()) {
                        throw new BadRequest(Forms.printable(name) + " must be a list of texts");
                    }
                    return node.stringValue();
                })
                .toList();
    }
}
