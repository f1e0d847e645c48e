package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern tenant desktop-sign-in`: computers of the domain sign their users in.
@Command(
        name = "desktop-sign-in",
        mixinStandardHelpOptions = true,
        description =
                "Sign users in by the Kerberos ticket of their computer in the domain; others see the form as ever.",
        subcommands = {
            DesktopSignInCommand.Show.class,
            DesktopSignInCommand.Change.class,
            DesktopSignInCommand.Remove.class
        })
final class DesktopSignInCommand extends Topic {
    private static String path(Api api) {
        return "/organization/"
                + api.list("/organization").getFirst().path("id").asString("") + "/desktopSignIn";
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show how computers sign users in.")
    static final class Show extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            print(screen, api.get(path(api)), json());
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Set up or change it; what is not given stays.")
    static final class Change extends Topic.Action {
        @Option(
                names = "--keytab",
                paramLabel = "FILE",
                description = "Keys of HTTP/<sign-in host> in the domain, by ktpass, samba-tool or ktutil; AES.")
        private @Nullable Path keytab;

        @Option(
                names = "--network",
                paramLabel = "BLOCK",
                description = "From which addresses the domain's computers come, such as 203.0.113.0/24. Repeatable;"
                        + " those given take the place of all.")
        private List<String> networks = List.of();

        @Option(
                names = "--suffix",
                paramLabel = "DOMAIN",
                description =
                        "What follows @ in the user names of the domain's accounts. Default: the tenant's domain.")
        private @Nullable String suffix;

        @Option(names = "--enabled", paramLabel = "yes|no", description = "Whether computers are asked.")
        private @Nullable String enabled;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            if (keytab != null) {
                body.put("keytab", Base64.getEncoder().encodeToString(read(keytab)));
            }
            if (!networks.isEmpty()) {
                networks.forEach(body.putArray("networks")::add);
            }
            if (suffix != null) {
                body.put("userNameSuffix", suffix);
            }
            if (enabled != null) {
                if (!enabled.equals("yes") && !enabled.equals("no")) {
                    throw new Fault("--enabled is '" + enabled + "' but must be yes or no");
                }
                body.put("isEnabled", enabled.equals("yes"));
            }
            if (body.isEmpty()) {
                throw new Fault("what is to change? See 'postern tenant desktop-sign-in set --help'");
            }
            String path = path(api);
            api.patch(path, body);
            print(screen, api.get(path), json());
        }

        private static byte[] read(Path file) {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new Fault("the keytab " + file + " cannot be read", e);
            }
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Forget it, and its keys.")
    static final class Remove extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            api.delete(path(api));
            if (json()) {
                screen.json(Api.object());
            } else {
                screen.line("Computers sign nobody in any more.");
            }
        }
    }

    private static void print(Screen screen, JsonNode set, boolean json) {
        if (json) {
            screen.json(set);
            return;
        }
        screen.line("Desktop sign-in  " + (set.path("isEnabled").asBoolean(false) ? "on" : "off"));
        screen.line("Service          " + set.path("principal").asString(""));
        screen.line("Key versions     " + texts(set.path("keyVersions")));
        screen.line("User names       ...@" + set.path("userNameSuffix").asString(""));
        screen.line("Networks         " + texts(set.path("networks")));
    }

    private static String texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "));
    }
}
