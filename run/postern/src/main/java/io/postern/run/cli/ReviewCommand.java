package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern review`: who may use which application, since when it was last used, and whether it stays.
@Command(
        name = "review",
        mixinStandardHelpOptions = true,
        description = "Review who may use which application: unused and ending assignments, keep or remove.",
        subcommands = {ReviewCommand.Listing.class, ReviewCommand.Keep.class, ReviewCommand.Remove.class})
public final class ReviewCommand extends Topic {
    private static final String PATH = "/assignmentReviews";

    ReviewCommand() {}

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List assignments with their last use. Both options together: those that fit both.")
    static final class Listing extends Topic.Action {
        @Option(names = "--unused-days", paramLabel = "N", description = "Not used for so many days.")
        private @Nullable Integer unused;

        @Option(names = "--ending-days", paramLabel = "N", description = "Ended, or ending within so many days.")
        private @Nullable Integer ending;

        @Override
        void run(Api api, Screen screen) {
            var options = new ArrayList<String>();
            if (unused != null) {
                options.add("unusedDays=" + unused);
            }
            if (ending != null) {
                options.add("endingDays=" + ending);
            }
            List<JsonNode> found = api.list(PATH + (options.isEmpty() ? "" : "?" + String.join("&", options)));
            if (json()) {
                screen.json(found);
                return;
            }
            screen.table(
                    List.of("ID", "APPLICATION", "WHO", "ROLE", "LAST USED", "ENDS", "REVIEWED", "BY", "REASON"),
                    found.stream()
                            .map(a -> List.of(
                                    a.path("id").asString(""),
                                    a.path("resourceDisplayName").asString(""),
                                    a.path("principalDisplayName").asString(""),
                                    a.path("appRoleDisplayName").asString(""),
                                    day(a, "lastUsedDateTime"),
                                    day(a, "endDateTime"),
                                    day(a, "reviewedDateTime"),
                                    a.path("assignedBy").asString("-"),
                                    a.path("reason").asString("-")))
                            .toList(),
                    "No assignment fits.");
        }

        private static String day(JsonNode assignment, String property) {
            return assignment.path(property).asString("never").replaceFirst("T.*", "");
        }
    }

    @Command(name = "keep", mixinStandardHelpOptions = true, description = "An assignment stays, for a reason.")
    static final class Keep extends Decision {
        Keep() {
            super("keep", "Kept");
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "An assignment goes, for a reason, at once.")
    static final class Remove extends Decision {
        Remove() {
            super("remove", "Removed");
        }
    }

    abstract static class Decision extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; for the audit log.")
        private String reason = "";

        private final String decision;
        private final String done;

        Decision(String decision, String done) {
            this.decision = decision;
            this.done = done;
        }

        @Override
        void run(Api api, Screen screen) {
            if (reason.isBlank()) {
                throw new Fault("--reason is empty; say why");
            }
            JsonNode decided = api.post(
                    PATH + "/" + Api.encode(name.required("assignment (the ID of 'postern review list')")) + "/decide",
                    Api.object().put("decision", decision).put("reason", reason));
            if (json()) {
                screen.json(decided);
            } else {
                screen.line(done + ": " + decided.path("principalDisplayName").asString("") + " for "
                        + decided.path("resourceDisplayName").asString("") + ".");
            }
        }
    }
}
