package io.postern.admin.graph;

import io.postern.admin.service.Edit;
import io.postern.domain.directory.AppRole;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `appRoles` of a registration, from JSON and to it.
final class AppRolesForm {
    private AppRolesForm() {}

    static Edit<List<AppRole>> read(JsonForm form) {
        return form.objects("appRoles").map(forms -> {
            var roles = new ArrayList<AppRole>();
            for (JsonForm one : forms) {
                role(one).ifPresent(roles::add);
            }
            return List.copyOf(roles);
        });
    }

    private static Optional<AppRole> role(JsonForm form) {
        Edit<String> id = form.text("id");
        Edit<String> name = form.text("displayName");
        Edit<String> value = form.clearable("value");
        Edit<String> description = form.clearable("description");
        Edit<List<String>> members = form.texts("allowedMemberTypes");
        Edit<Boolean> enabled = form.flag("isEnabled");
        form.unchecked("origin"); // Graph sends it along
        var types = EnumSet.noneOf(AppRole.Member.class);
        for (String member : members.or(List.of("User"))) {
            Optional<AppRole.Member> type = EnumSet.allOf(AppRole.Member.class).stream()
                    .filter(m -> m.graphName().equals(member))
                    .findFirst();
            type.ifPresentOrElse(
                    types::add,
                    () -> form.fault(
                            "allowedMemberTypes",
                            "allowedMemberTypes has '" + member + "'; use User, Application or both"));
        }
        try {
            return Optional.of(new AppRole(
                    id.or(UUID.randomUUID().toString()),
                    name.or(""),
                    value.value(),
                    description.or(""),
                    types,
                    enabled.or(true)));
        } catch (IllegalArgumentException e) {
            form.fault("displayName", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    static void write(ObjectNode json, List<AppRole> roles) {
        ArrayNode all = json.putArray("appRoles");
        for (AppRole role : roles) {
            ObjectNode one = all.addObject()
                    .put("id", role.id())
                    .put("displayName", role.displayName())
                    .put("description", role.description())
                    .put("isEnabled", role.enabled());
            role.value().ifPresentOrElse(value -> one.put("value", value), () -> one.putNull("value"));
            ArrayNode members = one.putArray("allowedMemberTypes");
            role.memberTypes().stream().sorted().forEach(member -> members.add(member.graphName()));
        }
    }
}
