package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.domain.directory.Attributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// What is known of a user (4.2), from JSON and to it. `manager` is the manager's id; the fifteen extension
/// attributes lie in an object of their own, as in Graph; those that the tenant made up stand beside the others.
final class UserAttributes {
    static final String EXTENSIONS = "onPremisesExtensionAttributes";

    private UserAttributes() {}

    /// Every attribute that the form names; null clears.
    static Map<String, Edit<String>> read(JsonForm form) {
        var edits = new TreeMap<String, Edit<String>>();
        Optional<JsonForm> extensions = form.object(EXTENSIONS);
        for (String name : Attributes.NAMES) {
            Edit<String> edit = isExtension(name)
                    ? extensions.map(e -> e.clearable(name)).orElse(Edit.none())
                    : form.clearable(name);
            if (edit.given()) {
                edits.put(name, edit);
            }
        }
        form.names("extension_").stream()
                .filter(Attributes::isExtension)
                .forEach(name -> edits.put(name, form.clearable(name)));
        return edits;
    }

    /// Those with several values; an empty list clears.
    static Map<String, Edit<List<String>>> lists(JsonForm form) {
        var edits = new TreeMap<String, Edit<List<String>>>();
        for (String name : Attributes.LISTS) {
            Edit<List<String>> edit = form.texts(name);
            if (edit.given()) {
                edits.put(name, edit);
            }
        }
        return edits;
    }

    static void write(ObjectNode json, Attributes attributes) {
        ObjectNode extensions = json.objectNode();
        for (String name : Attributes.NAMES) {
            ObjectNode into = isExtension(name) ? extensions : json;
            Optional<String> value =
                    name.equals(Attributes.USER_TYPE) ? Optional.of(attributes.userType()) : attributes.first(name);
            value.ifPresentOrElse(text -> into.put(name, text), () -> into.putNull(name));
        }
        Attributes.LISTS.forEach(name -> attributes.all(name).forEach(json.putArray(name)::add));
        if (attributes.isSynchronised()) {
            json.put(Attributes.SYNCHRONISED, true);
        } else {
            json.putNull(Attributes.SYNCHRONISED);
        }
        json.put(
                Attributes.LAST_SYNCHRONISED,
                attributes.first(Attributes.LAST_SYNCHRONISED).orElse(null));
        for (String name : List.of(Attributes.EXTERNAL_STATE, Attributes.EXTERNAL_STATE_CHANGED)) {
            json.put(name, attributes.first(name).orElse(null));
        }
        json.set(EXTENSIONS, extensions);
        attributes.values().keySet().stream()
                .filter(Attributes::isExtension)
                .forEach(name -> attributes.first(name).ifPresent(text -> json.put(name, text)));
    }

    private static boolean isExtension(String name) {
        return name.startsWith("extensionAttribute");
    }
}
