package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Finds things by the name or id that a person typed.
final class Lookup {
    private final Api api;

    Lookup(Api api) {
        this.api = api;
    }

    JsonNode application(String nameOrId) {
        return one(
                "application", nameOrId, api.list("/applications"), "postern app list", "displayName", "id", "appId");
    }

    JsonNode servicePrincipal(JsonNode application) {
        String appId = application.path("appId").asString();
        List<JsonNode> found = api.list("/servicePrincipals?$filter=" + Api.encode("appId eq '" + appId + "'"));
        if (found.isEmpty()) {
            throw new Fault("application '" + application.path("displayName").asString()
                    + "' is registered but not an enterprise application yet: it has no service principal, so"
                    + " nobody can be assigned or sign in to it; add one with POST /servicePrincipals {\"appId\":\""
                    + appId + "\"}");
        }
        return found.getFirst();
    }

    /// @param role name or value of an app role; empty for Default Access
    /// @return the role's id
    static String appRole(JsonNode application, String role) {
        if (role.isEmpty() || role.equalsIgnoreCase("Default Access")) {
            return "00000000-0000-0000-0000-000000000000";
        }
        for (JsonNode known : application.path("appRoles")) {
            if (known.path("displayName").asString("").equalsIgnoreCase(role)
                    || known.path("value").asString("").equals(role)) {
                return known.path("id").asString("");
            }
        }
        throw new Fault("'" + application.path("displayName").asString("") + "' has no app role '" + role
                + "'; see 'postern app client role list'");
    }

    JsonNode user(String nameOrId) {
        return api.get("/users/" + Api.encode(nameOrId));
    }

    JsonNode securityGroup(String nameOrId) {
        return one("group", nameOrId, api.list("/groups"), "postern group list", "displayName", "id");
    }

    JsonNode connectorGroup(String nameOrId) {
        return one(
                "connector group",
                nameOrId,
                api.list(Api.PROXY + "/connectorGroups"),
                "postern group list",
                "name",
                "id");
    }

    JsonNode connector(String nameOrId) {
        return one(
                "connector",
                nameOrId,
                api.list(Api.PROXY + "/connectors"),
                "postern connector list",
                "machineName",
                "id");
    }

    private static JsonNode one(String what, String wanted, List<JsonNode> all, String listing, String... fields) {
        Supplier<Stream<JsonNode>> matches = () -> all.stream()
                .filter(n ->
                        Stream.of(fields).anyMatch(f -> n.path(f).asString("").equalsIgnoreCase(wanted)));
        return switch ((int) matches.get().count()) {
            case 0 -> throw new Fault("no " + what + " is called '" + wanted + "'; see '" + listing + "'");
            case 1 -> matches.get().findFirst().orElseThrow();
            default ->
                throw new Fault("several of kind " + what + " are called '" + wanted + "'; give the id, see '" + listing
                        + " --json'");
        };
    }
}
