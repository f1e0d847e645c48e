package io.postern.run.cli;

import io.postern.run.Fault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern audit`: what happened, from the audit log and the sign-in log.
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "The audit log and the sign-in log.",
        subcommands = {
            AuditCommand.Listing.class,
            AuditCommand.SignIns.class,
            AuditExportCommand.class,
            AuditVerifyCommand.class
        })
public final class AuditCommand extends Topic {
    static final String AUDITS = "/auditLogs/directoryAudits";
    static final String SIGN_INS = "/auditLogs/signIns";

    AuditCommand() {}

    enum Log {
        AUDIT(AUDITS, "activityDateTime"),
        SIGNINS(SIGN_INS, "createdDateTime");

        private final String path;
        private final String time;

        Log(String path, String time) {
            this.path = path;
            this.time = time;
        }

        String path() {
            return path;
        }

        String time() {
            return time;
        }
    }

    /// From when to when.
    static final class Period {
        @Option(
                names = "--since",
                paramLabel = "TIME",
                description = "From then on: 2026-11-22, 2026-11-22T08:00:00Z, or an age such as 90m, 24h, 7d.")
        private @Nullable String since;

        @Option(names = "--until", paramLabel = "TIME", description = "Before then.")
        private @Nullable String until;

        @Option(
                names = "--filter",
                paramLabel = "FILTER",
                description = "As $filter of the API, for example \"ipAddress eq '192.0.2.1'\".")
        private @Nullable String filter;

        /// @param more conditions of the command itself
        String query(Log log, List<String> more) {
            var conditions = new ArrayList<>(more);
            if (since != null) {
                conditions.add(log.time() + " ge " + instant(since));
            }
            if (until != null) {
                conditions.add(log.time() + " lt " + instant(until));
            }
            if (filter != null) {
                conditions.add(filter);
            }
            return conditions.isEmpty() ? "" : "&$filter=" + Api.encode(String.join(" and ", conditions));
        }

        private static Instant instant(String text) {
            try {
                if (text.matches("[0-9]{1,6}[mhd]")) {
                    long number = Long.parseLong(text.substring(0, text.length() - 1));
                    Duration age = switch (text.charAt(text.length() - 1)) {
                        case 'm' -> Duration.ofMinutes(number);
                        case 'h' -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    };
                    return Instant.now().minus(age).truncatedTo(ChronoUnit.SECONDS);
                }
                return text.indexOf('T') < 0
                        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                        : Instant.parse(text);
            } catch (DateTimeException e) {
                throw new Fault("'" + text + "' is not a time; write 2026-11-22, 2026-11-22T08:00:00Z, or an age: 90m,"
                        + " 24h, 7d");
            }
        }
    }

    static String equal(String property, String value) {
        return property + " eq '" + value.replace("'", "''") + "'";
    }

    /// The newest entries, at most `top`.
    static List<JsonNode> newest(Api api, Log log, String query, int top) {
        if (top < 1 || top > 1_000) {
            throw new Fault("--top " + top + " must be from 1 to 1000; 'postern audit export' gives all");
        }
        var entries = new ArrayList<JsonNode>();
        api.get(log.path() + "?$top=" + top + query).path("value").forEach(entries::add);
        return entries;
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Show what was changed, newest first.")
    static final class Listing extends Topic.Action {
        @Mixin
        private Period period = new Period();

        @Option(names = "--activity", paramLabel = "TEXT", description = "Only this, for example 'Update user'.")
        private @Nullable String activity;

        @Option(names = "--by", paramLabel = "USER", description = "Only what this user did.")
        private @Nullable String by;

        @Option(names = "--top", paramLabel = "N", description = "At most so many (default: 50).")
        private int top = 50;

        @Override
        void run(Api api, Screen screen) {
            var conditions = new ArrayList<String>();
            if (activity != null) {
                conditions.add(equal("activityDisplayName", activity));
            }
            if (by != null) {
                conditions.add(equal("initiatedBy/user/userPrincipalName", by));
            }
            List<JsonNode> entries = newest(api, Log.AUDIT, period.query(Log.AUDIT, conditions), top);
            if (json()) {
                screen.json(entries);
                return;
            }
            screen.table(
                    List.of("TIME", "ACTIVITY", "TARGET", "BY", "FROM", "RESULT"),
                    entries.stream().map(Listing::row).toList(),
                    "Nothing that fits is in the audit log.");
        }

        private static List<String> row(JsonNode entry) {
            JsonNode user = entry.path("initiatedBy").path("user");
            JsonNode app = entry.path("initiatedBy").path("app");
            JsonNode target = entry.path("targetResources").path(0);
            String name = target.path("displayName").asString("");
            return List.of(
                    entry.path("activityDateTime").asString(""),
                    entry.path("activityDisplayName").asString(""),
                    name.isEmpty() ? target.path("id").asString("") : name,
                    user.isObject()
                            ? user.path("userPrincipalName").asString("")
                            : app.path("displayName").asString(""),
                    (user.isObject() ? user : app).path("ipAddress").asString("-"),
                    entry.path("result").asString(""));
        }
    }

    @Command(name = "signins", mixinStandardHelpOptions = true, description = "Show who signed in, newest first.")
    static final class SignIns extends Topic.Action {
        @Mixin
        private Period period = new Period();

        @Option(names = "--user", paramLabel = "USER", description = "Only this user.")
        private @Nullable String user;

        @Option(names = "--app", paramLabel = "APP", description = "Only to the application of this name.")
        private @Nullable String app;

        /// Codes of pages that were due on the way; the line of the end follows under the same correlation id.
        private static final List<Integer> INTERRUPTS = List.of(50055, 50058, 50072, 50074, 50140, 50199);

        @Option(
                names = "--failed",
                description = "Only those that failed; what was only interrupted by a page is none.")
        private boolean failed;

        @Option(names = "--top", paramLabel = "N", description = "At most so many (default: 50).")
        private int top = 50;

        @Override
        void run(Api api, Screen screen) {
            var conditions = new ArrayList<String>();
            if (user != null) {
                conditions.add(equal("userPrincipalName", user));
            }
            if (app != null) {
                conditions.add(equal("appDisplayName", app));
            }
            if (failed) {
                conditions.add("status/errorCode ne 0");
                INTERRUPTS.forEach(code -> conditions.add("status/errorCode ne " + code));
            }
            List<JsonNode> entries = newest(api, Log.SIGNINS, period.query(Log.SIGNINS, conditions), top);
            if (json()) {
                screen.json(entries);
                return;
            }
            screen.table(
                    List.of("TIME", "USER", "APPLICATION", "FROM", "DEVICE", "HOW", "RESULT"),
                    entries.stream().map(SignIns::row).toList(),
                    "Nothing that fits is in the sign-in log.");
        }

        private static List<String> row(JsonNode entry) {
            String name = entry.path("userPrincipalName").asString("");
            String program = entry.path("servicePrincipalName").asString("");
            var how = new ArrayList<String>();
            entry.path("authenticationDetails")
                    .forEach(d -> how.add(d.path("authenticationMethod").asString("")));
            int error = entry.path("status").path("errorCode").asInt();
            return List.of(
                    entry.path("createdDateTime").asString(""),
                    !name.isEmpty() ? name : program.isEmpty() ? "-" : program,
                    entry.path("appDisplayName").asString(""),
                    entry.path("ipAddress").asString(""),
                    device(entry.path("deviceDetail")),
                    how.isEmpty() ? "-" : String.join(", ", how) + (isSilent(entry) ? " (session)" : ""),
                    error == 0 ? "ok" : INTERRUPTS.contains(error) ? "interrupted " + error : "AADSTS" + error);
        }

        /// What is known of it: programs such as curl do not tell their system.
        private static String device(JsonNode detail) {
            String browser = detail.path("browser").asString("");
            String system = detail.path("operatingSystem").asString("");
            if (browser.isEmpty() || system.isEmpty()) {
                return browser.isEmpty() && system.isEmpty() ? "-" : browser + system;
            }
            return browser + " / " + system;
        }

        private static boolean isSilent(JsonNode entry) {
            return !entry.path("isInteractive").asBoolean(true);
        }
    }
}
