package io.postern.run.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern app maintenance`.
@Command(
        name = "maintenance",
        mixinStandardHelpOptions = true,
        description = "Let nobody into an application, and tell users that it is under maintenance. Open streams end;"
                + " health probes go on.")
final class AppMaintenanceCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(names = "--off", description = "End the maintenance.")
    private boolean off;

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        var body = Api.object();
        body.putObject("onPremisesPublishing").put("isMaintenanceModeEnabled", !off);
        api.patch("/applications/" + application.path("id").asString(), body);
        if (json()) {
            screen.json(api.get("/applications/" + application.path("id").asString()));
            return;
        }
        String called = "'" + application.path("displayName").asString("") + "'";
        if (off) {
            screen.line(called + " is open again.");
        } else {
            screen.line(called + " is under maintenance: nobody gets in.");
            screen.line("Next: postern app maintenance " + called + " --off");
        }
    }
}
