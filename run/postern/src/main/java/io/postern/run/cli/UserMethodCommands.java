package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern user methods` and `postern user temporary-pass`: what users prove themselves with beside the password.
final class UserMethodCommands {
    private static final Map<String, String> PATHS = Map.of(
            "softwareOath", "softwareOathMethods",
            "fido2", "fido2Methods",
            "temporaryAccessPass", "temporaryAccessPassMethods",
            "recoveryCodes", "recoveryCodesMethods");

    private UserMethodCommands() {}

    @Command(
            name = "methods",
            mixinStandardHelpOptions = true,
            description = "What a user proves himself with beside the password: list it, take it away.")
    static final class Methods extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--remove", paramLabel = "ID", description = "Take this method away.")
        private @Nullable String remove;

        @Option(
                names = "--reset",
                description = "Take every method away and end all sessions, for a lost or stolen device.")
        private boolean reset;

        @Override
        void run(Api api, Screen screen) {
            String user = name.required("user (such as a.user@contoso.example)");
            String path = "/users/" + Api.encode(user) + "/authentication/";
            if (reset) {
                JsonNode done = api.post(path + "methods/reset", Api.object());
                screen.line(
                        "Took away " + done.path("value").asInt() + " methods of " + user + "; every session ended.");
                return;
            }
            List<JsonNode> methods = api.list(path + "methods");
            if (remove != null) {
                JsonNode method = methods.stream()
                        .filter(m -> m.path("id").asString("").equals(remove))
                        .findFirst()
                        .orElseThrow(() -> new Fault(
                                user + " has no method '" + remove + "'; see 'postern user methods " + user + "'"));
                String kind = PATHS.get(kind(method));
                if (kind == null) {
                    throw new Fault("a password cannot be taken away; see 'postern user reset-password --help'");
                }
                api.delete(path + kind + "/" + Api.encode(remove));
                screen.line("Took away " + inWords(method) + " of " + user + ".");
                return;
            }
            if (json()) {
                screen.json(methods);
                return;
            }
            screen.table(
                    List.of("METHOD", "NAME", "ADDED", "LAST USED", "ID"),
                    methods.stream()
                            .map(m -> List.of(
                                    inWords(m),
                                    m.path("displayName").asString(""),
                                    m.path("createdDateTime").asString(""),
                                    m.path("lastUsedDateTime")
                                            .asString(kind(m).equals("password") ? "-" : "never"), // sign-ins tell it
                                    m.path("id").asString("")))
                            .toList(),
                    user + " has no method, not even a password.");
        }

        private static String kind(JsonNode method) {
            return method.path("@odata.type")
                    .asString("")
                    .replaceFirst("^.*\\.", "")
                    .replace("AuthenticationMethod", "");
        }

        private static String inWords(JsonNode method) {
            return switch (kind(method)) {
                case "password" -> "password";
                case "softwareOath" -> "authenticator app";
                case "fido2" -> "passkey";
                case "temporaryAccessPass" -> "temporary access pass";
                case "recoveryCodes" ->
                    "recovery codes (" + method.path("codesLeft").asInt() + " left)";
                default -> kind(method).toLowerCase(Locale.ROOT);
            };
        }
    }

    @Command(
            name = "temporary-pass",
            mixinStandardHelpOptions = true,
            description = "Make a temporary access pass, which is password and second factor in one; shown once.")
    static final class TemporaryPass extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--minutes",
                paramLabel = "N",
                defaultValue = "60",
                description = "How long it works, 10 to 43200 (default: ${DEFAULT-VALUE}).")
        private int minutes;

        @Option(names = "--reusable", description = "It works until its time is over; else once.")
        private boolean reusable;

        @Override
        void run(Api api, Screen screen) {
            String user = name.required("user (such as a.user@contoso.example)");
            ObjectNode body = Api.object();
            body.put("lifetimeInMinutes", minutes).put("isUsableOnce", !reusable);
            JsonNode pass = api.post("/users/" + Api.encode(user) + "/authentication/temporaryAccessPassMethods", body);
            if (json()) {
                screen.json(pass);
                return;
            }
            screen.line("Temporary access pass for " + user + ": "
                    + pass.path("temporaryAccessPass").asString(""));
            screen.line(
                    "It works " + (reusable ? "" : "once, ") + "for " + minutes + " minutes, and is shown this once.");
        }
    }
}
