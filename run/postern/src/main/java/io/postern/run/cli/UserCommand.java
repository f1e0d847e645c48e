package io.postern.run.cli;

import io.postern.run.Fault;
import io.postern.run.Passwords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern user`: the people of the tenant.
@Command(
        name = "user",
        mixinStandardHelpOptions = true,
        description = "Users of the tenant.",
        subcommands = {
            UserCommand.Add.class,
            UserFileCommands.Import.class,
            UserFileCommands.Export.class,
            UserChangeCommands.Change.class,
            UserChangeCommands.Show.class,
            UserCommand.Listing.class,
            UserChangeCommands.Disable.class,
            UserChangeCommands.Enable.class,
            UserChangeCommands.Delete.class,
            UserChangeCommands.ResetPassword.class,
            UserMethodCommands.Methods.class,
            UserMethodCommands.TemporaryPass.class,
            UserCommand.Revoke.class
        })
public final class UserCommand extends Topic {
    UserCommand() {}

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description =
                    "Add a user. Without --password-file a password is made and shown once; unless --keep-password is"
                            + " given, the user changes it at the first sign-in.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private UserChangeCommands.Person person = new UserChangeCommands.Person();

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "File with the password in its first line; - reads standard input.")
        private @Nullable String passwordFile;

        @Option(names = "--keep-password", description = "The password that is made may stay.")
        private boolean keep;

        @Override
        void run(Api api, Screen screen) {
            String principalName = name.required("user (such as a.user@contoso.example)");
            String password = passwordFile == null ? Passwords.generate() : password(passwordFile);
            ObjectNode body = Api.object();
            body.put("userPrincipalName", principalName);
            if (person.displayName() == null) {
                body.put("displayName", principalName.replaceFirst("@.*", ""));
            }
            person.write(api, body);
            body.set(
                    "passwordProfile",
                    Api.object()
                            .put("password", password)
                            .put("forceChangePasswordNextSignIn", passwordFile == null && !keep));
            JsonNode user = api.post("/users", body);
            if (json()) {
                ObjectNode shown = user.asObject();
                screen.json(passwordFile == null ? shown.put("password", password) : shown);
                return;
            }
            screen.line("Added " + user.path("userPrincipalName").asString(principalName) + ".");
            if (passwordFile == null) {
                screen.line("Password: " + password + "   (shown this once)");
            }
        }
    }

    /// @param file `-` for standard input
    static String password(String file) {
        try {
            String text = file.equals("-")
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
            String line = text.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                throw new Fault("the password is empty; write it into the first line");
            }
            return line;
        } catch (IOException e) {
            throw new Fault("the password file " + file + " cannot be read", e);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List users.")
    static final class Listing extends Topic.Action {
        @Option(
                names = "--search",
                paramLabel = "TEXT",
                description = "Only users whose name holds it, or whose sign-in name or mail begins with it.")
        private String search = "";

        @Override
        void run(Api api, Screen screen) {
            if (search.contains("\"")) {
                throw new Fault("--search cannot hold a quotation mark");
            }
            List<JsonNode> users =
                    api.list("/users" + (search.isEmpty() ? "" : "?$search=" + Api.encode("\"" + search + "\"")));
            if (json()) {
                screen.json(users);
                return;
            }
            screen.table(
                    List.of("USER", "NAME", "ENABLED"),
                    users.stream()
                            .map(u -> List.of(
                                    u.path("userPrincipalName").asString(""),
                                    u.path("displayName").asString(""),
                                    u.path("accountEnabled").asBoolean(true) ? "yes" : "no"))
                            .toList(),
                    search.isEmpty()
                            ? "No user yet; add one with 'postern user add'."
                            : "No user is like '" + search + "'.");
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Sign a user out everywhere: sessions and refresh tokens end, open streams too.")
    static final class Revoke extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("user (such as a.user@contoso.example)");
            JsonNode answer = api.post("/users/" + Api.encode(wanted) + "/revokeSignInSessions", Api.object());
            if (json()) {
                screen.json(answer);
            } else {
                screen.line(wanted + " is signed out everywhere.");
            }
        }
    }
}
