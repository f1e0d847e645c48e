package io.postern.run.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern gallery`: applications from templates.
@Command(
        name = "gallery",
        mixinStandardHelpOptions = true,
        description = "Add applications from templates that know their sign-on.",
        subcommands = {GalleryCommand.Listing.class, GalleryCommand.Show.class, GalleryCommand.Add.class})
public final class GalleryCommand extends Topic {
    GalleryCommand() {}

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the templates; words narrow the list.")
    static final class Listing extends Topic.Action {
        @Parameters(arity = "0..*", paramLabel = "WORD", description = "All of them must occur.")
        private List<String> words = new ArrayList<>();

        @Override
        void run(Api api, Screen screen) {
            String search = words.isEmpty() ? "" : "?$search=" + Api.encode(String.join(" ", words));
            List<JsonNode> templates = api.list("/applicationTemplates" + search);
            if (json()) {
                screen.json(templates);
                return;
            }
            screen.table(
                    List.of("KEY", "NAME", "SIGN-ON", "PROXIED"),
                    templates.stream()
                            .map(t -> List.of(
                                    t.path("key").asString(),
                                    t.path("displayName").asString(),
                                    t.at("/supportedSingleSignOnModes/0").asString(),
                                    t.path("isProxied").asBoolean() ? "yes" : "no"))
                            .toList(),
                    "No template has these words; non-gallery-saml and non-gallery-oidc fit any application.");
            for (JsonNode fault : api.get("/applicationTemplates").path("faults")) {
                err().println("A template cannot be used: " + fault.asString());
            }
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show one template: what it asks and sets.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode template = api.get("/applicationTemplates/" + Api.encode(name.required("template")));
            if (json()) {
                screen.json(template);
                return;
            }
            screen.line(template.path("displayName").asString());
            screen.line(template.path("description").asString());
            screen.line("");
            screen.line("Parameters");
            for (JsonNode parameter : template.path("parameters")) {
                screen.line("  " + parameter.path("name").asString()
                        + (parameter.path("isRequired").asBoolean() ? " (required)" : "") + ": "
                        + parameter.path("description").asString()
                        + (parameter.path("choices").isEmpty()
                                ? ""
                                : " (" + String.join(" or ", texts(parameter.path("choices"))) + ")")
                        + (parameter.path("default").asString("").isEmpty()
                                ? ""
                                : " [" + parameter.path("default").asString() + "]"));
            }
            screen.line("");
            screen.line("Sets");
            template.at("/signOn/identifierUris").forEach(id -> screen.line("  Identifier   " + id.asString()));
            template.at("/signOn/replyUrls")
                    .forEach(url ->
                            screen.line("  Reply URL    " + url.path("url").asString()));
            if (template.at("/signOn/loginUrl").isString()) {
                screen.line("  Sign-on URL  " + template.at("/signOn/loginUrl").asString());
            }
            template.path("roles")
                    .forEach(role ->
                            screen.line("  Role         " + role.path("value").asString()));
            screen.line("");
            steps(template, screen);
        }
    }

    static List<String> texts(JsonNode list) {
        return list.valueStream().map(one -> one.asString("")).toList();
    }

    static void steps(JsonNode of, Screen screen) {
        int number = 0;
        if (!of.path("steps").isEmpty()) {
            screen.line("In the application");
        }
        for (JsonNode step : of.path("steps")) {
            screen.line("  " + ++number + ". " + step.asString());
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Add an application from a template, with its sign-on, roles and users, in one step.")
    static final class Add extends TemplateOrder {
        @Parameters(arity = "1", paramLabel = "TEMPLATE", description = "Its key or id, see 'postern gallery list'.")
        private String template = "";

        @Override
        String template() {
            return template;
        }
    }
}
