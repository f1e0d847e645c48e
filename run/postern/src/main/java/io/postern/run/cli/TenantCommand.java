package io.postern.run.cli;

import io.postern.domain.publish.TenantSettings;
import io.postern.run.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern tenant`: what holds for all applications.
@Command(
        name = "tenant",
        mixinStandardHelpOptions = true,
        description = "What holds for all applications: limits, and how error pages look.",
        subcommands = {
            TenantAddCommands.Add.class,
            TenantAddCommands.Listing.class,
            TenantCommand.Show.class,
            TenantCommand.Change.class,
            DesktopSignInCommand.class
        })
public final class TenantCommand extends Topic {
    private static final String NONE = "none";

    TenantCommand() {}

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show the tenant and its settings.")
    static final class Show extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            JsonNode tenant = api.list("/organization").getFirst();
            if (json()) {
                screen.json(tenant);
                return;
            }
            print(screen, tenant);
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Change settings; what is not given stays. Limits count on each node of the service.")
    static final class Change extends Topic.Action {
        @Option(
                names = "--requests-per-second",
                paramLabel = "N",
                description = "Of all applications together; more are answered 429. none: no limit.")
        private @Nullable String requests;

        @Option(
                names = "--application-requests-per-second",
                paramLabel = "N",
                description = "Of each application that has no limit of its own. none: no limit.")
        private @Nullable String applicationRequests;

        @Option(
                names = "--throttle",
                paramLabel = "PROFILE",
                description = "Both limits at once: original (750 and 500), or none.")
        private @Nullable String throttle;

        @Option(
                names = "--brand-name",
                paramLabel = "TEXT",
                description = "Shown on error and sign-in pages. none: ours.")
        private @Nullable String name;

        @Option(names = "--brand-colour", paramLabel = "#RRGGBB", description = "Of buttons. none: ours.")
        private @Nullable String colour;

        @Option(
                names = "--brand-logo",
                paramLabel = "FILE",
                description = "PNG, JPEG, GIF or WebP, 48 KiB at most; shown 32 pixels high. none: ours.")
        private @Nullable String logo;

        @Option(
                names = "--language",
                paramLabel = "de|en",
                description = "Of pages, where neither browser nor user says one that we speak. none: English.")
        private @Nullable String language;

        @Option(
                names = "--mfa",
                paramLabel = "WHO",
                description = "Who needs a second factor at every sign-in: nobody, administrators or everybody.")
        private @Nullable String mfa;

        @Option(
                names = "--mfa-registration",
                paramLabel = "on|off",
                description = "Whoever has no second factor sets one up at the next sign-in.")
        private @Nullable String registration;

        @Option(
                names = "--ask-to-stay",
                paramLabel = "on|off",
                description = "Users are asked whether they want to stay signed in.")
        private @Nullable String stay;

        @Option(
                names = "--password-days",
                paramLabel = "N",
                description = "A password must be changed when it is older. none: never.")
        private @Nullable String passwordDays;

        @Option(
                names = "--notify",
                paramLabel = "ADDRESS",
                split = ",",
                description = "Who is told of connectors, certificates and synchronisation, in place of administrators."
                        + " none: administrators.")
        private List<String> technical = List.of();

        @Option(
                names = "--notify-security",
                paramLabel = "ADDRESS",
                split = ",",
                description = "Who is told of sign-ins that users disown, in place of administrators. none:"
                        + " administrators.")
        private List<String> security = List.of();

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            profile(body);
            addresses(body, "technicalNotificationMails", technical);
            addresses(body, "securityComplianceNotificationMails", security);
            text(body, "mfaRequiredFor", mfa);
            flag(body, "mfaRegistration", "--mfa-registration", registration);
            flag(body, "askToStaySignedIn", "--ask-to-stay", stay);
            number(body, "passwordValidityDays", "--password-days", passwordDays);
            number(body, "requestsPerSecondMax", "--requests-per-second", requests);
            number(body, "applicationRequestsPerSecondMax", "--application-requests-per-second", applicationRequests);
            text(body, "brandName", name);
            text(body, "brandColour", colour);
            text(body, "preferredLanguage", language);
            text(body, "brandLogo", logo == null || logo.equals(NONE) ? logo : read(Path.of(logo)));
            if (body.isEmpty()) {
                throw new Fault("what is to change? See 'postern tenant set --help'");
            }
            String id = api.list("/organization").getFirst().path("id").asString("");
            api.patch("/organization/" + id, body);
            JsonNode tenant = api.list("/organization").getFirst();
            if (json()) {
                screen.json(tenant);
            } else {
                print(screen, tenant);
            }
        }

        private void profile(ObjectNode body) {
            if (throttle == null) {
                return;
            }
            switch (throttle.toLowerCase(Locale.ROOT)) {
                case "original" ->
                    body.put("requestsPerSecondMax", TenantSettings.ORIGINAL_PER_TENANT)
                            .put("applicationRequestsPerSecondMax", TenantSettings.ORIGINAL_PER_APPLICATION);
                case NONE -> body.putNull("requestsPerSecondMax").putNull("applicationRequestsPerSecondMax");
                default -> throw new Fault("--throttle is '" + throttle + "' but must be original or none");
            }
        }

        private static void flag(ObjectNode body, String property, String option, @Nullable String value) {
            if (value == null) {
                return;
            }
            if (!value.equals("on") && !value.equals("off")) {
                throw new Fault(option + " is '" + value + "' but must be on or off");
            }
            body.put(property, value.equals("on"));
        }

        private static void number(ObjectNode body, String property, String option, @Nullable String value) {
            if (value == null) {
                return;
            }
            if (value.equals(NONE)) {
                body.putNull(property);
                return;
            }
            try {
                body.put(property, Integer.parseInt(value));
            } catch (NumberFormatException e) {
                throw new Fault(option + " is '" + value + "' but must be a number or none", e);
            }
        }

        private static void addresses(ObjectNode body, String property, List<String> values) {
            if (!values.isEmpty()) {
                ArrayNode list = body.putArray(property);
                values.stream().filter(address -> !address.equals(NONE)).forEach(list::add);
            }
        }

        private static void text(ObjectNode body, String property, @Nullable String value) {
            if (value != null && value.equals(NONE)) {
                body.putNull(property);
            } else if (value != null) {
                body.put(property, value);
            }
        }

        private static String read(Path file) {
            try {
                return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
            } catch (IOException e) {
                throw new Fault("the logo " + file + " cannot be read", e);
            }
        }
    }

    private static void print(Screen screen, JsonNode tenant) {
        screen.line("Name                  " + tenant.path("name").asString(""));
        screen.line("Id                    " + tenant.path("id").asString(""));
        screen.line("Requests per second   " + limit(tenant.path("requestsPerSecondMax")));
        screen.line("  of each application " + limit(tenant.path("applicationRequestsPerSecondMax")));
        screen.line("Brand name            " + tenant.path("brandName").asString(NONE));
        screen.line("Brand colour          " + tenant.path("brandColour").asString(NONE));
        screen.line("Brand logo            " + (tenant.path("brandLogo").isNull() ? NONE : "set"));
        screen.line("Language of pages     " + tenant.path("preferredLanguage").asString("en"));
        screen.line("Second factor         " + tenant.path("mfaRequiredFor").asString("nobody"));
        screen.line("  set up at sign-in   " + onOff(tenant.path("mfaRegistration")));
        screen.line("Ask to stay signed in " + onOff(tenant.path("askToStaySignedIn")));
        JsonNode days = tenant.path("passwordValidityDays");
        screen.line("Passwords last        " + (days.isInt() ? days.asInt() + " days" : "for ever"));
        screen.line("Told of faults        " + addresses(tenant.path("technicalNotificationMails")));
        screen.line("Told of dangers       " + addresses(tenant.path("securityComplianceNotificationMails")));
    }

    private static String addresses(JsonNode list) {
        return list.isEmpty()
                ? "administrators"
                : list.valueStream().map(address -> address.asString("")).collect(Collectors.joining(", "));
    }

    private static String onOff(JsonNode value) {
        return value.asBoolean(false) ? "on" : "off";
    }

    private static String limit(JsonNode value) {
        return value.isNull() ? "no limit" : value.asString("");
    }
}
