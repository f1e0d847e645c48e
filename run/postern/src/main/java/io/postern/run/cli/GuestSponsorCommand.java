package io.postern.run.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern guest sponsor`: who answers for a guest.
@Command(
        name = "sponsor",
        mixinStandardHelpOptions = true,
        description = "Users who answer for a guest, and get mail before his access ends.",
        subcommands = {GuestSponsorCommand.Add.class, GuestSponsorCommand.Remove.class})
final class GuestSponsorCommand extends Topic {
    @Command(name = "add", mixinStandardHelpOptions = true, description = "Add a sponsor.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--user", paramLabel = "USER", required = true, description = "Who answers for the guest.")
        private String user = "";

        @Override
        void run(Api api, Screen screen) {
            String guest = GuestCommand.id(api, name);
            String sponsor = new Lookup(api).user(user).path("id").asString("");
            api.post(
                    "/users/" + guest + "/sponsors/$ref",
                    Api.object().put("@odata.id", "https://api/v1.0/users/" + sponsor));
            GuestSponsorCommand.show(screen, json(), api.get("/guests/" + guest));
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a sponsor.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--user", paramLabel = "USER", required = true, description = "Who answers no more.")
        private String user = "";

        @Override
        void run(Api api, Screen screen) {
            String guest = GuestCommand.id(api, name);
            String sponsor = new Lookup(api).user(user).path("id").asString("");
            api.delete("/users/" + guest + "/sponsors/" + sponsor + "/$ref");
            GuestSponsorCommand.show(screen, json(), api.get("/guests/" + guest));
        }
    }

    private static void show(Screen screen, boolean json, JsonNode guest) {
        if (json) {
            screen.json(guest);
        } else {
            screen.line("Sponsors of " + guest.path("displayName").asString("") + ": " + GuestCommand.sponsors(guest));
        }
    }
}
