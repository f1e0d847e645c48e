package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.base.Outcome.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a JSON object property by property and collects every fault: wrong types, null where there must
/// be a value, and properties that nobody asked for. [#finish()] must be called before anything is done.
final class JsonForm {
    // metadata of OData, harmless in any object
    private static final Set<String> IGNORED = Set.of("@odata.type", "@odata.context", "@odata.etag");

    private final ObjectNode json;
    private final String prefix;
    private final List<Violation> faults;
    private final List<JsonForm> inner = new ArrayList<>();
    private final Set<String> read = new HashSet<>(IGNORED);

    JsonForm(ObjectNode json) {
        this(json, "", new ArrayList<>());
    }

    private JsonForm(ObjectNode json, String prefix, List<Violation> faults) {
        this.json = json;
        this.prefix = prefix;
        this.faults = faults;
    }

    boolean has(String name) {
        return json.has(name);
    }

    boolean isNull(String name) {
        read.add(name);
        return json.path(name).isNull();
    }

    /// Text that may not be null.
    Edit<String> text(String name) {
        return value(
                name, "a text", false, node -> node.isString() ? Optional.of(node.stringValue()) : Optional.empty());
    }

    /// Text that null clears.
    Edit<String> clearable(String name) {
        return value(
                name,
                "a text or null",
                true,
                node -> node.isString() ? Optional.of(node.stringValue()) : Optional.empty());
    }

    Edit<Boolean> flag(String name) {
        return value(
                name,
                "true or false",
                false,
                node -> node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty());
    }

    Edit<List<String>> texts(String name) {
        return value(name, "a list of texts", false, node -> {
            if (!node.isArray() || node.size() > 256) {
                return Optional.empty();
            }
            var texts = new ArrayList<String>();
            for (JsonNode element : node) {
                if (!element.isString()) {
                    return Optional.empty();
                }
                texts.add(element.stringValue());
            }
            return Optional.of(List.copyOf(texts));
        });
    }

    /// An object, read by other means.
    Edit<ObjectNode> tree(String name) {
        return value(
                name,
                "an object",
                false,
                node -> node instanceof ObjectNode object ? Optional.of(object) : Optional.empty());
    }

    /// One text or a list of them, as the original's samples have it.
    Edit<List<String>> oneOrMore(String name) {
        return json.path(name).isString() ? text(name).map(List::of) : texts(name);
    }

    /// A whole number that null clears.
    Edit<Integer> number(String name) {
        return value(
                name,
                "a whole number or null",
                true,
                node -> node.isInt() ? Optional.of(node.intValue()) : Optional.empty());
    }

    /// An object with texts in it, 64 at most.
    Edit<Map<String, String>> map(String name) {
        return value(name, "an object with texts", false, node -> {
            if (!node.isObject() || node.size() > 64) {
                return Optional.empty();
            }
            var texts = new LinkedHashMap<String, String>();
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                if (!property.getValue().isString()) {
                    return Optional.empty();
                }
                texts.put(property.getKey(), property.getValue().stringValue());
            }
            return Optional.of(texts);
        });
    }

    /// A list of objects, 256 at most.
    Edit<List<JsonForm>> objects(String name) {
        return objects(name, 256);
    }

    /// A list of objects, so many at most.
    Edit<List<JsonForm>> objects(String name, int most) {
        return value(name, "a list of objects, " + most + " at most", false, node -> {
            if (!node.isArray() || node.size() > most) {
                return Optional.empty();
            }
            var forms = new ArrayList<JsonForm>();
            for (JsonNode element : node) {
                if (!(element instanceof ObjectNode object)) {
                    return Optional.empty();
                }
                forms.add(new JsonForm(object, prefix + name + "[" + forms.size() + "].", faults));
            }
            inner.addAll(forms);
            return Optional.of(List.copyOf(forms));
        });
    }

    /// A list of texts and objects, each read in its way; 10,000 at most.
    <T> Edit<List<T>> mixed(String name, Function<String, T> text, Function<JsonForm, T> object) {
        return value(name, "a list of texts and objects", false, node -> {
            if (!node.isArray() || node.size() > 10_000) {
                return Optional.empty();
            }
            var all = new ArrayList<T>();
            for (JsonNode element : node) {
                if (element.isString()) {
                    all.add(text.apply(element.stringValue()));
                } else if (element instanceof ObjectNode one) {
                    var form = new JsonForm(one, prefix + name + "[" + all.size() + "].", faults);
                    inner.add(form);
                    all.add(object.apply(form));
                } else {
                    return Optional.empty();
                }
            }
            return Optional.of(List.copyOf(all));
        });
    }

    /// Text that `parse` understands; its complaint becomes the fault.
    <T> Edit<T> parsed(String name, Function<String, T> parse) {
        Edit<String> text = text(name);
        try {
            return text.map(parse);
        } catch (IllegalArgumentException e) {
            faults.add(new Violation(prefix + name, String.valueOf(e.getMessage())));
            return Edit.none();
        }
    }

    /// An object; empty when absent (or of a wrong type, which is a fault).
    Optional<JsonForm> object(String name) {
        Edit<ObjectNode> node = value(
                name, "an object", false, n -> n instanceof ObjectNode object ? Optional.of(object) : Optional.empty());
        Optional<JsonForm> form = node.value().map(object -> new JsonForm(object, prefix + name + ".", faults));
        form.ifPresent(inner::add);
        return form;
    }

    /// An object that another reader checks, whatever is in it.
    Optional<ObjectNode> document(String name) {
        return value(
                        name,
                        "an object",
                        false,
                        n -> n instanceof ObjectNode object ? Optional.of(object) : Optional.empty())
                .value();
    }

    /// As [#object]; null stands for absent.
    Optional<JsonForm> objectOrNull(String name) {
        return isNull(name) ? Optional.empty() : object(name);
    }

    /// A property whose value does not matter.
    void unchecked(String name) {
        read.add(name);
    }

    /// A property that this version takes with one value only.
    void only(String name, JsonNode allowed) {
        read.add(name);
        if (json.has(name) && !json.path(name).equals(allowed)) {
            fault(name, prefix + name + " can only be " + allowed + " in this version; leave it out");
        }
    }

    void fault(String name, String message) {
        faults.add(new Violation(prefix + name, message));
    }

    /// Properties whose names begin so; they still have to be asked for.
    List<String> names(String beginning) {
        return json.propertyNames().stream()
                .filter(name -> name.startsWith(beginning))
                .toList();
    }

    /// Properties that nobody has asked for yet; asking here counts as reading them.
    List<String> unread() {
        List<String> names = json.propertyNames().stream()
                .filter(name -> !read.contains(name))
                .toList();
        read.addAll(names);
        return names;
    }

    /// @throws GraphFault 400 with every fault found
    void finish() {
        unread(faults);
        if (!faults.isEmpty()) {
            throw GraphFault.invalid(faults);
        }
    }

    private void unread(List<Violation> found) {
        json.propertyNames().stream()
                .filter(name -> !read.contains(name))
                .forEach(name -> found.add(
                        new Violation(prefix + name, "property '" + prefix + name + "' is unknown or read-only here")));
        inner.forEach(form -> form.unread(found));
    }

    private <T> Edit<T> value(String name, String expected, boolean nullable, Function<JsonNode, Optional<T>> convert) {
        read.add(name);
        JsonNode node = json.get(name);
        if (node == null) {
            return Edit.none();
        }
        if (node.isNull() && nullable) {
            return new Edit<>(true, Optional.empty());
        }
        Optional<T> value = convert.apply(node);
        if (value.isEmpty()) {
            faults.add(new Violation(prefix + name, prefix + name + " must be " + expected));
            return Edit.none();
        }
        return new Edit<>(true, value);
    }
}
