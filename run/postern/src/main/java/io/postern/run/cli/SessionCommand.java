package io.postern.run.cli;

import io.postern.run.Fault;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern session`: where users are signed in.
@Command(
        name = "session",
        mixinStandardHelpOptions = true,
        description = "Where users are signed in.",
        subcommands = {SessionCommand.Listing.class, SessionCommand.End.class})
public final class SessionCommand extends Topic {
    SessionCommand() {}

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List a user's sessions, latest used first.")
    static final class Listing extends Topic.Action {
        @Option(names = "--user", paramLabel = "USER", required = true, description = "Whose.")
        private String user = "";

        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> sessions = api.list("/users/" + Api.encode(user) + "/sessions").stream() // by id there
                    .sorted(Comparator.comparing(Listing::lastUsed).reversed())
                    .toList();
            if (json()) {
                screen.json(sessions);
                return;
            }
            screen.table(
                    List.of("ID", "DEVICE", "FROM", "SIGNED IN", "LAST USED", "ENDS"),
                    sessions.stream()
                            .map(s -> List.of(
                                    s.path("id").asString(""),
                                    device(s),
                                    s.path("ipAddress").asString(""),
                                    s.path("authenticatedDateTime").asString(""),
                                    s.path("lastUsedDateTime").asString(""),
                                    s.path("expirationDateTime").asString("")))
                            .toList(),
                    user + " is signed in nowhere.");
        }

        private static Instant lastUsed(JsonNode session) {
            String time = session.path("lastUsedDateTime").asString("");
            return time.isEmpty() ? Instant.EPOCH : Instant.parse(time);
        }

        private static String device(JsonNode session) {
            String device = session.path("deviceDisplayName").asString("");
            String program = session.path("clientAppId").asString("");
            return !device.isEmpty() ? device : program.isEmpty() ? "-" : "program " + program;
        }
    }

    @Command(
            name = "end",
            mixinStandardHelpOptions = true,
            description = {
                "End sessions: one by its id, those on a device, or all in which an application was opened.",
                "What is open in them ends within a second. All of a user's: 'postern user revoke'."
            })
    static final class End extends Topic.Action {
        @Parameters(arity = "0..1", paramLabel = "ID", description = "Of the session; needs --user.")
        private @Nullable String id;

        @Option(names = "--user", paramLabel = "USER", description = "Whose.")
        private @Nullable String user;

        @Option(names = "--device", paramLabel = "NAME", description = "As the list tells it; needs --user.")
        private @Nullable String device;

        @Option(names = "--app", paramLabel = "APP", description = "Everybody's sessions in which it was opened.")
        private @Nullable String app;

        @Override
        void run(Api api, Screen screen) {
            int ways = (id != null ? 1 : 0) + (device != null ? 1 : 0) + (app != null ? 1 : 0);
            if (ways != 1 || (app == null) == (user == null)) {
                throw new Fault("say what to end: ID --user USER, --device NAME --user USER, or --app APP");
            }
            int ended = app != null ? ofApplication(api, app) : ofUser(api, String.valueOf(user));
            if (json()) {
                screen.json(Api.object().put("ended", ended));
            } else {
                screen.line(ended == 1 ? "Ended 1 session." : "Ended " + ended + " sessions.");
            }
        }

        private static int ofApplication(Api api, String app) {
            var lookup = new Lookup(api);
            JsonNode principal = lookup.servicePrincipal(lookup.application(app));
            return api.post(
                            "/servicePrincipals/" + principal.path("id").asString() + "/revokeSignInSessions",
                            Api.object())
                    .path("ended")
                    .asInt();
        }

        private int ofUser(Api api, String whose) {
            String sessions = "/users/" + Api.encode(whose) + "/sessions";
            if (id != null) {
                api.delete(sessions + "/" + Api.encode(id));
                return 1;
            }
            return api.post(sessions + "/endByDevice", Api.object().put("deviceDisplayName", device))
                    .path("ended")
                    .asInt();
        }
    }
}
