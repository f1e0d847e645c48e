package io.postern.run.cli;

import io.postern.domain.directory.Attributes;
import io.postern.run.Fault;
import io.postern.run.Passwords;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Commands that show or change one user.
final class UserChangeCommands {
    private static final String EXTENSIONS = "onPremisesExtensionAttributes";

    private UserChangeCommands() {}

    /// What can be said of a user, for a new one and for a change.
    static final class Person {
        @Option(names = "--display-name", paramLabel = "TEXT", description = "Name to show.")
        private @Nullable String displayName;

        @Option(names = "--given-name", paramLabel = "TEXT", description = "First name. none: not known.")
        private @Nullable String givenName;

        @Option(names = "--surname", paramLabel = "TEXT", description = "Family name. none: not known.")
        private @Nullable String surname;

        @Option(names = "--mail", paramLabel = "ADDRESS", description = "Mail address. none: not known.")
        private @Nullable String mail;

        @Option(
                names = "--attribute",
                paramLabel = "NAME=VALUE",
                description = "Anything else, by its name in the API, such as department=Sales, userType=Guest or"
                        + " extensionAttribute1=x, of several values otherMails=a@x.example,b@x.example; an empty value"
                        + " clears; may be repeated.")
        private Map<String, String> attributes = new LinkedHashMap<>();

        @Nullable
        String displayName() {
            return displayName;
        }

        void write(Api api, ObjectNode body) {
            if (displayName != null) {
                body.put("displayName", displayName);
            }
            text(body, "givenName", givenName);
            text(body, "surname", surname);
            text(body, "mail", mail);
            attributes.forEach((name, value) -> attribute(api, body, name, value));
        }

        private static void text(ObjectNode body, String name, @Nullable String value) {
            if (value != null && value.equals("none")) {
                body.putNull(name);
            } else if (value != null) {
                body.put(name, value);
            }
        }

        private static void attribute(Api api, ObjectNode body, String name, String value) {
            if (!Attributes.isKnown(name)) {
                throw new Fault("a user has no attribute '" + name + "'; known are " + Attributes.NAMES + ", "
                        + Attributes.LISTS + " and extension_<application's id without hyphens>_<name>");
            }
            if (Attributes.LISTS.contains(name)) {
                ArrayNode all = body.putArray(name);
                Arrays.stream(value.split(",")).filter(one -> !one.isBlank()).forEach(one -> all.add(one.strip()));
                return;
            }
            ObjectNode into = name.startsWith("extensionAttribute") ? body.withObjectProperty(EXTENSIONS) : body;
            if (value.isEmpty()) {
                into.putNull(name);
            } else if (name.equals(Attributes.MANAGER)) {
                into.put(name, new Lookup(api).user(value).path("id").asString(""));
            } else {
                into.put(name, value);
            }
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Change what is known of a user; what is not given stays.")
    static final class Change extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private Person person = new Person();

        @Override
        void run(Api api, Screen screen) {
            String path = path(api, name.required("user"));
            ObjectNode body = Api.object();
            person.write(api, body);
            if (body.isEmpty()) {
                throw new Fault("what is to change? See 'postern user set --help'");
            }
            api.patch(path, body);
            show(screen, api.get(path), json());
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show everything that is known of a user.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            show(screen, new Lookup(api).user(name.required("user")), json());
        }
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Let a user in nowhere any more: sessions and open connections end at once.")
    static final class Disable extends Switch {
        Disable() {
            super(false);
        }
    }

    @Command(name = "enable", mixinStandardHelpOptions = true, description = "Let a disabled user sign in again.")
    static final class Enable extends Switch {
        Enable() {
            super(true);
        }
    }

    abstract static class Switch extends Topic.Action {
        @Mixin
        private Name name = new Name();

        private final boolean enabled;

        Switch(boolean enabled) {
            this.enabled = enabled;
        }

        @Override
        void run(Api api, Screen screen) {
            JsonNode user = new Lookup(api).user(name.required("user"));
            String path = "/users/" + user.path("id").asString("");
            api.patch(path, Api.object().put("accountEnabled", enabled));
            if (json()) {
                screen.json(api.get(path));
            } else {
                screen.line((enabled ? "Enabled " : "Disabled ")
                        + user.path("userPrincipalName").asString("") + ".");
            }
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Delete a user with assignments and memberships.")
    static final class Delete extends DeleteCommand {
        @Override
        Doomed find(Api api, Name wanted) {
            JsonNode user = new Lookup(api).user(wanted.required("user"));
            String id = user.path("id").asString();
            return new Doomed("/users/" + id, id, user.path("userPrincipalName").asString(""));
        }
    }

    @Command(
            name = "reset-password",
            mixinStandardHelpOptions = true,
            description =
                    "Give a user a new password, to be changed at the next sign-in. Without --password-file one is"
                            + " made and shown once. Every session of the user ends.")
    static final class ResetPassword extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "File with the password in its first line; - reads standard input.")
        private @Nullable String passwordFile;

        @Override
        void run(Api api, Screen screen) {
            JsonNode user = new Lookup(api).user(name.required("user"));
            String password = passwordFile == null ? Passwords.generate() : UserCommand.password(passwordFile);
            ObjectNode body = Api.object();
            body.set(
                    "passwordProfile",
                    Api.object().put("password", password).put("forceChangePasswordNextSignIn", true));
            api.patch("/users/" + user.path("id").asString(""), body);
            String shown = user.path("userPrincipalName").asString("");
            if (json()) {
                ObjectNode answer = Api.object().put("userPrincipalName", shown);
                screen.json(passwordFile == null ? answer.put("password", password) : answer);
                return;
            }
            screen.line(shown + " changes the password at the next sign-in.");
            if (passwordFile == null) {
                screen.line("Password: " + password + "   (shown this once)");
            }
        }
    }

    private static String path(Api api, String user) {
        return "/users/" + new Lookup(api).user(user).path("id").asString("");
    }

    private static void show(Screen screen, JsonNode user, boolean json) {
        if (json) {
            screen.json(user);
            return;
        }
        print(screen, user);
        print(screen, user.path(EXTENSIONS));
    }

    private static void print(Screen screen, JsonNode known) {
        known.properties().stream()
                .filter(property -> property.getValue().isValueNode()
                        && !property.getValue().isNull())
                .forEach(property -> screen.line(String.format("%-32s", property.getKey())
                        + property.getValue().asString("")));
    }
}
