package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern export`: the published applications as `postern apply` takes them.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Print published applications as 'postern apply' takes them: YAML, or JSON with --json.")
public final class ExportCommand extends Topic.Action {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Only these (default: all).")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--without-assignments",
            description = "Leave out who is assigned: for another tenant, which has users and groups of its own.")
    private boolean withoutAssignments;

    @Option(
            names = "--without-users",
            description = "Leave out the users, keep the groups: for another tenant that has groups of the same names.")
    private boolean withoutUsers;

    ExportCommand() {}

    @Override
    void run(Api api, Screen screen) {
        List<JsonNode> all = api.list(ApplyCommand.DECLARATIONS);
        for (String name : names) {
            if (all.stream().noneMatch(d -> d.path("displayName").asString("").equals(name))) {
                throw new Fault("no published application is called '" + name + "'; see 'postern app list'");
            }
        }
        ObjectNode body = Api.object();
        ArrayNode list = body.putArray("applications");
        all.stream()
                .filter(d ->
                        names.isEmpty() || names.contains(d.path("displayName").asString("")))
                .forEach(list::add);
        if (withoutUsers) {
            list.forEach(one -> ((ObjectNode) one).remove("assignedUsers"));
        }
        if (withoutAssignments) {
            list.forEach(one -> ((ObjectNode) one).remove(List.of("assignedUsers", "assignedGroups")));
        }
        if (json()) {
            screen.json(body);
        } else {
            screen.text(yaml(body));
        }
    }

    static String yaml(JsonNode json) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(plain(json));
    }

    private static @Nullable Object plain(JsonNode json) {
        if (json instanceof ObjectNode object) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            object.properties().forEach(p -> map.put(p.getKey(), plain(p.getValue())));
            return map;
        }
        if (json instanceof ArrayNode array) {
            List<@Nullable Object> list = new ArrayList<>();
            array.forEach(element -> list.add(plain(element)));
            return list;
        }
        if (json.isNull()) {
            return null;
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        return json.isInt() ? (Object) json.intValue() : json.asString();
    }
}
