package io.postern.run.cli;

import io.postern.run.Fault;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app sso password`: the connector signs users in by a name and a password.
@Command(
        name = "password",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Sign users in at the backend by a name and a password that it knows, and show how that is set;"
                + " without options only show it. Names and passwords are set with 'password-for', or by the users"
                + " themselves in My Apps.")
final class AppSsoPasswordCommand extends Topic.Action {
    private static final String SETTINGS = "passwordSignOnSettings";
    private static final String NONE = "none";

    @Mixin
    private Name name = new Name();

    @Option(
            names = "--page",
            paramLabel = "PATH",
            description = "Path of the backend's page with the form, such as /login.")
    private @Nullable String page;

    @Option(names = "--way", paramLabel = "WAY", description = "form (the default), or basic for HTTP Basic.")
    private @Nullable String way;

    @Option(
            names = "--user-field",
            paramLabel = "NAME",
            description = "Name of the form's field for the user name; none, as for all below: found by itself.")
    private @Nullable String userField;

    @Option(names = "--password-field", paramLabel = "NAME", description = "Name of the field for the password.")
    private @Nullable String passwordField;

    @Option(
            names = "--proof-cookie",
            paramLabel = "NAME",
            description = "A cookie that is there once the sign-in has worked.")
    private @Nullable String proofCookie;

    @Option(
            names = "--proof-text",
            paramLabel = "TEXT",
            description = "A text that the page has once the sign-in has worked.")
    private @Nullable String proofText;

    @Option(names = "--sign-out", paramLabel = "PATH", description = "Path that ends the application's session.")
    private @Nullable String signOut;

    @Option(
            names = "--off",
            description = "Users are not signed in there any more. Their names and passwords stay until removed.")
    private boolean off;

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        String path = "/applications/" + application.path("id").asString() + "/onPremisesPublishing";
        ObjectNode patch = patch();
        if (!patch.isEmpty()) {
            ObjectNode body = Api.object();
            body.set("singleSignOnSettings", patch);
            api.patch(path, body);
        }
        JsonNode settings = api.get(path).path("singleSignOnSettings");
        if (json()) {
            screen.json(settings);
        } else {
            show(application, settings, screen);
        }
    }

    private ObjectNode patch() {
        ObjectNode password = Api.object();
        text(password, "way", way);
        text(password, "signOnPage", page);
        clearable(password, "userNameField", userField);
        clearable(password, "passwordField", passwordField);
        clearable(password, "proofCookie", proofCookie);
        clearable(password, "proofText", proofText);
        clearable(password, "signOutPage", signOut);
        ObjectNode patch = Api.object();
        if (off) {
            if (!password.isEmpty()) {
                throw new Fault("--off takes the sign-on away; leave the other options out");
            }
            return patch.put("singleSignOnMode", NONE);
        }
        if (!password.isEmpty()) {
            patch.put("singleSignOnMode", "password").set(SETTINGS, password);
        }
        return patch;
    }

    private static void text(ObjectNode into, String property, @Nullable String value) {
        if (value != null) {
            into.put(property, value);
        }
    }

    private static void clearable(ObjectNode into, String property, @Nullable String value) {
        if (value != null) {
            into.put(property, NONE.equals(value) ? null : value);
        }
    }

    private static void show(JsonNode application, JsonNode settings, Screen screen) {
        JsonNode password = settings.path(SETTINGS);
        if (!password.isObject()) {
            screen.line("Password        off (singleSignOnMode "
                    + settings.path("singleSignOnMode").asString() + ")");
            return;
        }
        boolean form = password.path("way").asString().equals("form");
        screen.line("Password        "
                + (form ? "form at " + password.path("signOnPage").asString() : "HTTP Basic"));
        if (form) {
            screen.line("Fields          " + found(password.path("userNameField")) + ", "
                    + found(password.path("passwordField")));
        }
        one(screen, "Proof           cookie ", password.path("proofCookie"));
        one(screen, "Proof           text ", password.path("proofText"));
        one(screen, "Sign-out        ", password.path("signOutPage"));
        screen.line("");
        screen.line("As whom: postern app sso password-for '"
                + application.path("displayName").asString() + "' --user USER --login LOGIN");
    }

    private static String found(JsonNode field) {
        return field.asString("(found on the page)");
    }

    private static void one(Screen screen, String head, JsonNode text) {
        if (text.isString()) {
            screen.line(head + text.asString());
        }
    }
}
