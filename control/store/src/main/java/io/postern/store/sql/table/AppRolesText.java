package io.postern.store.sql.table;

import io.postern.domain.directory.AppRole;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The app roles of a registration as JSON text.
final class AppRolesText {
    private AppRolesText() {}

    static String write(List<AppRole> roles) {
        ArrayNode all = Columns.JSON.createArrayNode();
        for (AppRole role : roles) {
            ObjectNode json = all.addObject();
            json.put("id", role.id());
            json.put("displayName", role.displayName());
            role.value().ifPresent(value -> json.put("value", value));
            json.put("description", role.description());
            ArrayNode members = json.putArray("memberTypes");
            role.memberTypes().stream().sorted().forEach(member -> members.add(member.name()));
            json.put("enabled", role.enabled());
        }
        return all.toString();
    }

    static List<AppRole> read(String text) {
        var roles = new ArrayList<AppRole>();
        for (JsonNode json : Columns.JSON.readTree(text)) {
            var members = EnumSet.noneOf(AppRole.Member.class);
            json.path("memberTypes").forEach(name -> members.add(AppRole.Member.valueOf(name.asString())));
            roles.add(new AppRole(
                    json.path("id").asString(),
                    json.path("displayName").asString(),
                    Optional.ofNullable(json.get("value")).map(JsonNode::asString),
                    json.path("description").asString(),
                    members,
                    json.path("enabled").asBoolean()));
        }
        return roles;
    }
}
