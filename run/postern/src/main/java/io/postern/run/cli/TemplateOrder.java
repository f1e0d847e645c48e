package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An application from a template: asks what the template asks, adds it, prints what is left to do, and lets a
/// connector look at what was published.
abstract class TemplateOrder extends Topic.Action {
    @Option(names = "--name", paramLabel = "NAME", description = "What the application is called here.")
    private @Nullable String name;

    @Option(
            names = {"--set", "--answer"},
            paramLabel = "PARAMETER=VALUE",
            description = "A parameter of the template.")
    private List<String> parameters = new ArrayList<>();

    @Option(names = "--ask", description = "Ask at the terminal for every parameter that is not given.")
    private boolean ask;

    @Option(names = "--user", paramLabel = "USER", description = "Assign this user.")
    private List<String> users = new ArrayList<>();

    @Option(names = "--group", paramLabel = "GROUP", description = "Assign this group.")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--role", paramLabel = "VALUE", description = "Role that they get.")
    private @Nullable String role;

    @Option(names = "--no-preflight", description = "Let no connector look at the backend afterwards.")
    private boolean noPreflight;

    /// Key or id.
    abstract String template();

    @Override
    final void run(Api api, Screen screen) {
        ObjectNode body = Api.object();
        if (name != null) {
            body.put("displayName", name);
        }
        Map<String, String> given = parsed();
        if (ask) {
            askFor(api.get("/applicationTemplates/" + Api.encode(template())), given);
        }
        ObjectNode answers = body.putObject("parameters");
        given.forEach(answers::put);
        var lookup = new Lookup(api);
        var principals = body.putArray("principals");
        users.forEach(user -> principals.add(lookup.user(user).path("id").asString()));
        groups.forEach(
                group -> principals.add(lookup.securityGroup(group).path("id").asString()));
        if (role != null) {
            body.put("role", role);
        }
        JsonNode added = api.post("/applicationTemplates/" + Api.encode(template()) + "/instantiate", body);
        if (json()) {
            screen.json(added);
            return;
        }
        show(added, principals.size(), screen);
        if (!noPreflight
                && added.at("/application/onPremisesPublishing/externalUrl").isString()) {
            screen.line("");
            AppPreflightCommand.show(AppPreflightCommand.look(api, added.path("application"), Api.object()), screen);
        }
    }

    private static void show(JsonNode added, int assigned, Screen screen) {
        screen.line("Added '" + added.at("/application/displayName").asString() + "', assigned to " + assigned
                + (assigned == 1 ? " user or group." : " users and groups."));
        JsonNode second = added.path("secondApplication");
        if (!second.isMissingNode()) {
            screen.line("Added '" + second.at("/application/displayName").asString()
                    + "' beside it: no tile, and the same users, kept in step.");
        }
        added.path("warnings").forEach(warning -> screen.line("Warning: " + warning.asString()));
        for (JsonNode application : List.of(added.path("application"), second.path("application"))) {
            JsonNode publishing = application.path("onPremisesPublishing");
            if (publishing.path("externalUrl").isString()) {
                screen.line("");
                screen.line("External URL    " + publishing.path("externalUrl").asString());
                screen.line("Internal URL    " + publishing.path("internalUrl").asString());
            }
        }
        screen.line("");
        if (!added.at("/signOn/preferredSingleSignOnMode").asString("").equals("notSupported")) {
            AppSsoCommand.show(added.path("signOn"), screen);
            screen.line("");
        }
        GalleryCommand.steps(added, screen);
    }

    /// An empty line takes the default.
    private void askFor(JsonNode template, Map<String, String> given) {
        Console console = Terminal.here()
                .orElseThrow(() -> new Fault("--ask needs a terminal; give the answers by --answer PARAMETER=VALUE, see"
                        + " 'postern gallery show " + template() + "'"));
        for (JsonNode parameter : template.path("parameters")) {
            String key = parameter.path("name").asString();
            if (given.containsKey(key)) {
                continue;
            }
            String usual = parameter.path("default").asString("");
            List<String> choices = GalleryCommand.texts(parameter.path("choices"));
            String answer = console.readLine(
                    "%s%s%s: ",
                    parameter.path("description").asString(),
                    choices.isEmpty() ? "" : " (" + String.join("/", choices) + ")",
                    usual.isEmpty() ? "" : " [" + usual + "]");
            if (answer != null && !answer.isBlank()) {
                given.put(key, answer.strip());
            }
        }
    }

    private Map<String, String> parsed() {
        var answers = new LinkedHashMap<String, String>();
        for (String parameter : parameters) {
            int cut = parameter.indexOf('=');
            if (cut < 1) {
                throw new Fault("--set '" + parameter + "' must be PARAMETER=VALUE; see 'postern gallery show "
                        + template() + "'");
            }
            answers.put(parameter.substring(0, cut), parameter.substring(cut + 1));
        }
        return answers;
    }
}
