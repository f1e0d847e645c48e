package io.postern.domain.scim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A change of a document, operation by operation; all of them or none (RFC 7644 §3.5.2).
public record Patch(List<Operation> operations) {
    private static final int OPERATIONS_MAX = 1_000;

    public enum Kind {
        ADD,
        REMOVE,
        REPLACE
    }

    /// @param path empty: the whole resource
    /// @param value as sent; null where there is none
    public record Operation(
            Kind kind, Optional<String> path, @Nullable Object value) {}

    public Patch {
        operations = List.copyOf(operations);
    }

    /// @param sent the objects of `Operations`; `op` is known in any case, as clients write it
    /// @throws ScimFault `invalidSyntax`
    public static Patch read(@Nullable Object sent) {
        if (!(sent instanceof List<?> list) || list.isEmpty()) {
            throw ScimFault.syntax("Operations must be a list with one operation at least");
        }
        if (list.size() > OPERATIONS_MAX) {
            throw ScimFault.tooMany(list.size() + " operations; " + OPERATIONS_MAX + " are taken");
        }
        var operations = new ArrayList<Operation>();
        for (Object each : list) {
            if (!(each instanceof Map<?, ?> one)) {
                throw ScimFault.syntax("an operation must be an object");
            }
            @Nullable Object path = one.get("path");
            if (path != null && !(path instanceof String)) {
                throw ScimFault.path("path must be a text");
            }
            operations.add(new Operation(
                    kind(one.get("op")),
                    Optional.ofNullable((String) path).map(String::strip).filter(p -> !p.isEmpty()),
                    one.get("value")));
        }
        return new Patch(operations);
    }

    private static Kind kind(@Nullable Object op) {
        return switch (String.valueOf(op).toLowerCase(Locale.ROOT)) {
            case "add" -> Kind.ADD;
            case "remove" -> Kind.REMOVE;
            case "replace" -> Kind.REPLACE;
            default -> throw ScimFault.syntax("op '" + op + "' is unknown; use add, remove or replace");
        };
    }

    /// The document after the change; the one given stays as it is.
    ///
    /// @throws ScimFault when one operation cannot be done
    public Map<String, Object> apply(ResourceType type, Map<String, Object> document) {
        var change = new Changing(type, Documents.copy(document));
        operations.forEach(change::apply);
        return change.document;
    }

    /// The document while it is changed.
    private static final class Changing {
        private final ResourceType type;
        private final Incoming incoming;
        private final Map<String, Object> document;

        Changing(ResourceType type, Map<String, Object> document) {
            this.type = type;
            this.incoming = new Incoming(type);
            this.document = document;
        }

        void apply(Operation operation) {
            if (operation.path().isEmpty()) {
                whole(operation);
                return;
            }
            String text = operation.path().get();
            Optional<Schema> extension = type.extension(text);
            if (extension.isPresent()) {
                extension(operation.kind(), extension.get(), operation.value());
                return;
            }
            PatchPath path = PatchPath.parse(text);
            at(operation.kind(), path, place(path.attribute()), operation.value());
        }

        /// Every name in the value is a path of its own; what is unknown or read-only is left out, as in a whole
        /// resource.
        private void whole(Operation operation) {
            if (operation.kind() == Kind.REMOVE) {
                throw ScimFault.noTarget("remove needs a path");
            }
            if (!(operation.value() instanceof Map<?, ?> map)) {
                throw ScimFault.value("an operation without path needs an object with attributes as its value");
            }
            map.forEach((key, value) -> {
                String name = String.valueOf(key);
                Optional<Schema> extension = type.extension(name);
                if (extension.isPresent()) {
                    extension(operation.kind(), extension.get(), value);
                    return;
                }
                AttributePath.parse(name)
                        .flatMap(type::place)
                        .filter(p -> p.attribute().filter(Incoming::isWritable).isPresent())
                        .ifPresent(p -> at(
                                operation.kind(),
                                new PatchPath(AttributePath.parse(name).orElseThrow(), Optional.empty()),
                                p,
                                value));
                if (name.indexOf('[') > 0) {
                    PatchPath path = PatchPath.parse(name);
                    at(operation.kind(), path, place(path.attribute()), value);
                }
            });
        }

        private void extension(Kind kind, Schema extension, @Nullable Object value) {
            if (kind == Kind.REMOVE) {
                document.remove(extension.id());
                return;
            }
            if (!(value instanceof Map<?, ?> map)) {
                throw ScimFault.value(extension.id() + " must be an object");
            }
            map.forEach((name, inner) -> extension
                    .attribute(String.valueOf(name))
                    .filter(Incoming::isWritable)
                    .ifPresent(a -> attribute(kind, holder(Optional.of(extension.id())), a, inner)));
            tidy(Optional.of(extension.id()));
        }

        private ResourceType.Place place(AttributePath path) {
            ResourceType.Place place = type.place(path)
                    .orElseThrow(() -> ScimFault.path(
                            "there is no attribute '" + path + "' of a " + type.name() + "; see /Schemas"));
            if (place.attribute().filter(Incoming::isWritable).isEmpty()
                    || place.part().filter(p -> !Incoming.isWritable(p)).isPresent()) {
                throw ScimFault.mutability(path + " is read-only");
            }
            return place;
        }

        private void at(Kind kind, PatchPath path, ResourceType.Place place, @Nullable Object value) {
            Attribute attribute = place.attribute().orElseThrow();
            Map<String, Object> holder = holder(place.extension());
            if (path.filter().isPresent()) {
                filtered(kind, path, place, holder, value);
            } else if (place.part().isPresent()) {
                parts(kind, attribute, place.part().get(), holder, value);
            } else {
                attribute(kind, holder, attribute, value);
            }
            tidy(place.extension());
        }

        private void attribute(Kind kind, Map<String, Object> holder, Attribute attribute, @Nullable Object sent) {
            if (kind == Kind.REMOVE) {
                if (attribute.multiValued() && sent instanceof List<?> list && !list.isEmpty()) {
                    without(holder, attribute, sent);
                } else {
                    holder.remove(attribute.name());
                }
                return;
            }
            Optional<Object> value = incoming.value(attribute, sent);
            if (value.isEmpty()) {
                if (kind == Kind.REPLACE) {
                    holder.remove(attribute.name());
                }
                return;
            }
            if (attribute.multiValued()) {
                List<Object> kept = kind == Kind.ADD ? list(holder, attribute) : new ArrayList<>();
                Documents.list((List<?>) value.get()).forEach(each -> include(kept, each));
                holder.put(attribute.name(), kept);
            } else if (attribute.type() == Attribute.Type.COMPLEX) {
                // parts that are not sent stay, but for an empty one, which goes
                Map<String, Object> parts =
                        new LinkedHashMap<>(Documents.parts(holder.getOrDefault(attribute.name(), Map.of())));
                if (sent instanceof Map<?, ?> map) {
                    map.keySet()
                            .forEach(name ->
                                    attribute.part(String.valueOf(name)).ifPresent(p -> parts.remove(p.name())));
                }
                parts.putAll(Documents.parts(value.get()));
                holder.put(attribute.name(), parts);
            } else {
                holder.put(attribute.name(), value.get());
            }
        }

        /// `remove` with a list of values: those go.
        private void without(Map<String, Object> holder, Attribute attribute, Object sent) {
            List<Object> gone =
                    Documents.list((List<?>) incoming.value(attribute, sent).orElse(List.of()));
            List<Object> kept = list(holder, attribute);
            kept.removeIf(held -> gone.stream().anyMatch(g -> isSame(held, g)));
            put(holder, attribute, kept);
        }

        /// A part of a complex value, or of every value of a list.
        private void parts(
                Kind kind, Attribute attribute, Attribute part, Map<String, Object> holder, @Nullable Object sent) {
            List<Object> values = new ArrayList<>(Documents.values(Optional.empty(), attribute, holder));
            if (values.isEmpty()) {
                if (kind == Kind.REMOVE) {
                    return;
                }
                values.add(new LinkedHashMap<String, Object>());
            }
            for (Object value : values) {
                set(kind, part, Documents.parts(value), sent);
            }
            values.removeIf(value -> Documents.parts(value).isEmpty());
            if (attribute.multiValued()) {
                put(holder, attribute, values);
            } else if (values.isEmpty()) {
                holder.remove(attribute.name());
            } else {
                holder.put(attribute.name(), values.getFirst());
            }
        }

        /// Values of a list that satisfy the filter. Where `add` or `replace` finds none and the filter says what such
        /// a value looks like, one is made: clients set `emails[type eq "work"].value` of people without mail.
        private void filtered(
                Kind kind,
                PatchPath path,
                ResourceType.Place place,
                Map<String, Object> holder,
                @Nullable Object sent) {
            Attribute attribute = place.attribute().orElseThrow();
            Filter filter = path.filter().orElseThrow();
            if (!attribute.multiValued()) {
                throw ScimFault.path(attribute.name() + " has one value; no filter can stand behind it");
            }
            Predicate<Map<String, Object>> wanted = Matching.ofValue(attribute, filter);
            List<Object> values = list(holder, attribute);
            List<Map<String, Object>> found =
                    values.stream().map(Documents::parts).filter(wanted).toList();
            if (found.isEmpty()) {
                if (kind == Kind.REMOVE) {
                    return;
                }
                Map<String, Object> made = Template.of(attribute, filter)
                        .orElseThrow(() -> ScimFault.noTarget(
                                "no value of " + attribute.name() + " satisfies the filter of the path"));
                values.add(made);
                found = List.of(made);
            }
            if (kind == Kind.REMOVE && place.part().isEmpty()) {
                values.removeAll(found);
            } else if (place.part().isPresent()) {
                found.forEach(value -> set(kind, place.part().get(), value, sent));
            } else {
                Optional<Object> whole = incoming.value(attribute, sent);
                Map<String, Object> parts = Documents.parts(whole.map(v -> ((List<?>) v).getFirst())
                        .orElseThrow(() -> ScimFault.value("a value of " + attribute.name() + " is expected")));
                found.forEach(value -> {
                    if (kind == Kind.REPLACE) {
                        value.clear();
                    }
                    value.putAll(parts);
                });
            }
            values.removeIf(value -> Documents.parts(value).isEmpty());
            found.stream().filter(Changing::isPrimary).findFirst().ifPresent(one -> onlyPrimary(values, one));
            put(holder, attribute, values);
        }

        private void set(Kind kind, Attribute part, Map<String, Object> value, @Nullable Object sent) {
            Optional<Object> wanted = kind == Kind.REMOVE ? Optional.empty() : incoming.value(part, sent);
            if (wanted.isPresent()) {
                value.put(part.name(), wanted.get());
            } else if (kind != Kind.ADD) {
                value.remove(part.name());
            }
        }

        /// A value that is there already is not added again, but learns what more is said of it.
        private static void include(List<Object> values, Object added) {
            Map<String, Object> parts = Documents.parts(added);
            Optional<Map<String, Object>> known = values.stream()
                    .filter(held -> isSame(held, added))
                    .map(Documents::parts)
                    .filter(held -> !parts.containsKey("type")
                            || !held.containsKey("type")
                            || parts.get("type").equals(held.get("type")))
                    .findFirst();
            known.ifPresentOrElse(held -> held.putAll(parts), () -> values.add(added));
            if (isPrimary(parts)) {
                onlyPrimary(values, known.orElse(parts));
            }
        }

        private static boolean isPrimary(Map<String, Object> value) {
            return Boolean.TRUE.equals(value.get("primary"));
        }

        /// One value at most is the primary one (RFC 7643 §2.4): the one that was set last.
        @SuppressWarnings("ReferenceEquality") // two equal values are two values
        private static void onlyPrimary(List<Object> values, Map<String, Object> one) {
            values.stream()
                    .filter(other -> other != one)
                    .map(Documents::parts)
                    .filter(Changing::isPrimary)
                    .forEach(other -> other.put("primary", false));
        }

        private static boolean isSame(Object held, Object other) {
            @Nullable Object one = Documents.parts(held).get("value");
            return one == null
                    ? held.equals(other)
                    : one.equals(Documents.parts(other).get("value"));
        }

        private static List<Object> list(Map<String, Object> holder, Attribute attribute) {
            return new ArrayList<>(Documents.values(Optional.empty(), attribute, holder));
        }

        private static void put(Map<String, Object> holder, Attribute attribute, List<Object> values) {
            if (values.isEmpty()) {
                holder.remove(attribute.name());
            } else {
                holder.put(attribute.name(), values);
            }
        }

        private Map<String, Object> holder(Optional<String> extension) {
            return extension
                    .map(id -> Documents.parts(document.computeIfAbsent(id, _ -> new LinkedHashMap<String, Object>())))
                    .orElse(document);
        }

        private void tidy(Optional<String> extension) {
            extension
                    .filter(id ->
                            Documents.parts(document.getOrDefault(id, Map.of())).isEmpty())
                    .ifPresent(document::remove);
        }
    }
}
