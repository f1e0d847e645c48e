package io.postern.run.cli;

import io.postern.base.config.ConfigFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A file of applications, in YAML or JSON (which is YAML too): what `postern export` prints and `postern apply`
/// takes. Remembers on which line everything stands, so that faults can be found.
final class ApplicationsFile {
    private static final int NODES_MAX = 2_000_000; // beyond any tenant; an alias may repeat itself without end
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String name;
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final List<ObjectNode> applications = new ArrayList<>();
    private int nodes;

    private ApplicationsFile(String name) {
        this.name = name;
    }

    /// @throws ConfigFault naming every fault of form with its line
    static ApplicationsFile read(Path file) {
        try {
            return of(
                    file.toString(),
                    file.toString().equals("-")
                            ? new String(System.in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                            : Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigFault(file.toString(), List.of("there is no such file"));
        } catch (IOException e) {
            throw new ConfigFault(file.toString(), List.of("cannot be read: " + e.getMessage()));
        }
    }

    static ApplicationsFile of(String name, String text) {
        var file = new ApplicationsFile(name);
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(name).build();
            Optional<Node> root =
                    new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text))).getSingleNode();
            file.take(root.map(node -> file.json("", node)).orElse(JSON.missingNode()));
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark()
                    .map(m -> "line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1) + ": ")
                    .orElse("");
            throw new ConfigFault(name, List.of(place + "this is not valid YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            throw new ConfigFault(name, List.of("is not valid YAML: " + e.getMessage()));
        }
        if (!file.faults.isEmpty()) {
            throw new ConfigFault(name, file.faults);
        }
        return file;
    }

    List<ObjectNode> applications() {
        return List.copyOf(applications);
    }

    /// What is wrong at a path such as `applications[2].notes`, with the line where it stands, or where it is missing.
    String fault(String path, String message) {
        String known = path;
        while (!known.isEmpty() && !lines.containsKey(known)) {
            known = known.substring(0, Math.max(0, Math.max(known.lastIndexOf('.'), known.lastIndexOf('['))));
        }
        Integer line = lines.get(known);
        return (line == null ? "" : "line " + line + ", ") + path + ": " + message;
    }

    /// With every fault at its place.
    ConfigFault faults(List<String> found) {
        return new ConfigFault(name, found);
    }

    private void take(JsonNode root) {
        if (!(root.path("applications") instanceof ArrayNode list)) {
            faults.add("must begin with 'applications:' and a list; 'postern export' shows the form");
            return;
        }
        root.propertyNames().stream()
                .filter(key -> !key.equals("applications"))
                .forEach(key -> faults.add(fault(key, "only 'applications' can stand here")));
        var seen = new HashMap<String, Integer>();
        for (int i = 0; i < list.size(); i++) {
            String path = "applications[" + i + "]";
            if (!(list.get(i) instanceof ObjectNode one)) {
                faults.add(fault(path, "must be a mapping with displayName"));
                continue;
            }
            String called = one.path("displayName").asString("");
            Integer before = seen.put(called, lines.getOrDefault(path, 0));
            if (before != null && !called.isEmpty()) {
                faults.add(fault(path + ".displayName", "'" + called + "' is there already, on line " + before));
            }
            applications.add(one);
        }
    }

    private JsonNode json(String path, Node node) {
        if (node.isRecursive()) {
            throw new YamlEngineException("an alias in it leads to itself");
        }
        if (++nodes > NODES_MAX) {
            throw new YamlEngineException("it has more than " + NODES_MAX + " values");
        }
        node.getStartMark().ifPresent(mark -> lines.put(path, mark.getLine() + 1));
        return switch (node) {
            case MappingNode mapping -> mapping(path, mapping);
            case SequenceNode sequence -> {
                ArrayNode array = JSON.arrayNode();
                for (Node element : sequence.getValue()) {
                    array.add(json(path + "[" + array.size() + "]", element));
                }
                yield array;
            }
            case ScalarNode scalar -> scalar(path, scalar);
            default -> throw new YamlEngineException("it holds a value of an unknown kind");
        };
    }

    private ObjectNode mapping(String path, MappingNode mapping) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            String inside = path.isEmpty() ? key : path + "." + key;
            if (object.has(key)) {
                tuple.getKeyNode().getStartMark().ifPresent(mark -> lines.put(inside, mark.getLine() + 1));
                faults.add(fault(inside, "this key is there twice"));
            }
            object.set(key, json(inside, tuple.getValueNode()));
            tuple.getKeyNode().getStartMark().ifPresent(mark -> lines.put(inside, mark.getLine() + 1));
        }
        return object;
    }

    private JsonNode scalar(String path, ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(text.equals("true"));
        }
        if (tag.equals(Tag.INT)) {
            try {
                return JSON.numberNode(Integer.parseInt(text));
            } catch (NumberFormatException e) {
                faults.add(fault(path, "'" + text + "' is not a number that can stand here"));
            }
        }
        return JSON.stringNode(text);
    }
}
