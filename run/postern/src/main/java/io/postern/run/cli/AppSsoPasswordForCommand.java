package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app sso password-for`: as whom users and groups are signed in.
@Command(
        name = "password-for",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Set the name and the password by which an application knows a user or a group, take them away,"
                + " or, without options, list the names. The password is asked for on the terminal, or read from"
                + " standard input with --password-file -; it is never an argument, and never shown.")
final class AppSsoPasswordForCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(names = "--user", paramLabel = "USER", description = "User principal name or id.")
    private @Nullable String user;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Security group: for its members who have none of their own.")
    private @Nullable String group;

    @Option(names = "--login", paramLabel = "LOGIN", description = "The name by which the application knows them.")
    private @Nullable String login;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Its first line is the password; - for standard input. Without it the terminal asks.")
    private @Nullable String file;

    @Option(names = "--remove", description = "Take name and password away.")
    private boolean remove;

    @Override
    void run(Api api, Screen screen) {
        var lookup = new Lookup(api);
        JsonNode application = lookup.application(name.required("application"));
        String principal = "/servicePrincipals/"
                + lookup.servicePrincipal(application).path("id").asString();
        String shown = "'" + application.path("displayName").asString() + "'";
        if (user == null && group == null) {
            if (login != null || file != null || remove) {
                throw new Fault("say for whom: --user USER or --group GROUP");
            }
            list(api, principal, screen);
            return;
        }
        if (user != null && group != null) {
            throw new Fault("--user and --group are two; give one");
        }
        JsonNode whose = user != null ? lookup.user(user) : lookup.securityGroup(String.valueOf(group));
        ObjectNode body = Api.object().put("id", whose.path("id").asString());
        String who = "'" + whose.path("displayName").asString() + "'";
        if (remove) {
            if (login != null || file != null) {
                throw new Fault("--remove takes name and password away; leave the other options out");
            }
            api.post(principal + "/deletePasswordSingleSignOnCredentials", body);
            screen.line(who + " has no name and password at " + shown + " any more.");
            return;
        }
        if (login == null) {
            throw new Fault("by which name does the application know " + who + "? Give --login LOGIN, or --remove");
        }
        ArrayNode credentials = body.putArray("credentials");
        credentials.addObject().put("fieldId", "user").put("type", "username").put("value", login);
        credentials
                .addObject()
                .put("fieldId", "password")
                .put("type", "password")
                .put("value", password());
        JsonNode set = api.post(principal + "/createPasswordSingleSignOnCredentials", body);
        if (json()) {
            screen.json(set);
            return;
        }
        screen.line(who + " is signed in at " + shown + " as '" + login + "'; it counts everywhere within a minute.");
    }

    private String password() {
        if (file != null) {
            return UserCommand.password(file);
        }
        char[] typed = Terminal.here()
                .map(console -> console.readPassword("Password: "))
                .filter(some -> some.length > 0)
                .orElseThrow(() ->
                        new Fault("no password was typed; give --password-file - and write it to standard input"));
        String password = new String(typed);
        Arrays.fill(typed, '\0');
        return password;
    }

    private void list(Api api, String principal, Screen screen) {
        JsonNode all = api.get(principal + "/passwordSingleSignOnCredentials").path("value");
        if (json()) {
            screen.json(all);
            return;
        }
        Map<String, JsonNode> groups = all.valueStream().anyMatch(one -> !isUser(one))
                ? api.list("/groups").stream()
                        .collect(Collectors.toMap(one -> one.path("id").asString(), Function.identity()))
                : Map.of();
        List<List<String>> rows = all.valueStream()
                .map(one -> List.of(
                        isUser(one)
                                ? api.get("/users/" + one.path("id").asString())
                                        .path("userPrincipalName")
                                        .asString()
                                : groups.getOrDefault(one.path("id").asString(), Api.object())
                                        .path("displayName")
                                        .asString(one.path("id").asString()),
                        isUser(one) ? "user" : "group",
                        one.at("/credentials/0/value").asString(),
                        one.path("lastModifiedDateTime").asString()))
                .toList();
        screen.table(List.of("WHO", "KIND", "LOGIN", "CHANGED"), rows, "Nobody has a name and a password there yet.");
    }

    private static boolean isUser(JsonNode one) {
        return one.path("principalType").asString().equals("User");
    }
}
