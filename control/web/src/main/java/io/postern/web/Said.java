package io.postern.web;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What was said in words while one request was answered: so that a page that is kept to be shown in another language
/// knows which of its strings are ours, and by which key. A name that somebody chose stays as it is.
final class Said {
    private static final ScopedValue<Map<String, Sentence>> NOW = ScopedValue.newInstance();
    private static final String KEY = "text.key";
    private static final String ARGUMENTS = "text.arguments";

    private record Sentence(String key, List<Object> arguments) {}

    private Said() {}

    /// Listens while `work` runs, on this thread.
    static void listen(Runnable work) {
        ScopedValue.where(NOW, new HashMap<>()).run(work);
    }

    static void note(String key, Object[] arguments, String words) {
        if (NOW.isBound() && !words.isEmpty()) {
            NOW.get().put(words, new Sentence(key, List.of(arguments)));
        }
    }

    /// The tree with keys in place of what was said.
    static JsonNode keys(JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> {
                ObjectNode keyed = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(member -> keyed.set(member.getKey(), keys(member.getValue())));
                yield keyed;
            }
            case ArrayNode array -> {
                ArrayNode keyed = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> keyed.add(keys(element)));
                yield keyed;
            }
            default -> tree.isString() ? key(tree.asString()) : tree;
        };
    }

    private static JsonNode key(String words) {
        Sentence sentence = NOW.isBound() ? NOW.get().get(words) : null;
        if (sentence == null) {
            return JsonNodeFactory.instance.stringNode(words);
        }
        ObjectNode keyed = JsonNodeFactory.instance.objectNode().put(KEY, sentence.key());
        ArrayNode arguments = keyed.putArray(ARGUMENTS);
        for (Object argument : sentence.arguments()) {
            switch (argument) {
                case Integer number -> arguments.add(number);
                case Long number -> arguments.add(number);
                // a sentence within a sentence, such as how long to wait
                default ->
                    arguments.add(argument.equals(words) ? arguments.stringNode(words) : key(argument.toString()));
            }
        }
        return keyed;
    }

    /// The tree with words in place of keys.
    static JsonNode words(JsonNode tree, Texts texts) {
        return switch (tree) {
            case ObjectNode object when object.has(KEY) -> JsonNodeFactory.instance.stringNode(sentence(object, texts));
            case ObjectNode object -> {
                ObjectNode worded = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(member -> worded.set(member.getKey(), words(member.getValue(), texts)));
                yield worded;
            }
            case ArrayNode array -> {
                ArrayNode worded = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> worded.add(words(element, texts)));
                yield worded;
            }
            default -> tree;
        };
    }

    private static String sentence(ObjectNode keyed, Texts texts) {
        JsonNode given = keyed.path(ARGUMENTS);
        var arguments = new Object[given.size()];
        Iterator<JsonNode> each = given.iterator();
        for (int i = 0; i < arguments.length; i++) {
            JsonNode argument = words(each.next(), texts);
            arguments[i] = argument.isNumber() ? (Object) argument.asLong() : argument.asString();
        }
        return texts.of(keyed.path(KEY).asString(), arguments);
    }
}
