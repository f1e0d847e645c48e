package io.postern.run.cli;

import io.postern.run.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern guest`: people from elsewhere.
@Command(
        name = "guest",
        mixinStandardHelpOptions = true,
        description = "Guests: people from elsewhere who are invited by mail and use applications here.",
        subcommands = {
            GuestCommand.Invite.class,
            GuestCommand.Resend.class,
            GuestCommand.Listing.class,
            GuestCommand.Show.class,
            GuestCommand.Extend.class,
            GuestCommand.Remove.class,
            GuestSponsorCommand.class,
            GuestPolicyCommand.class
        })
public final class GuestCommand extends Topic {
    private static final int LOOK_DAYS = 90;

    GuestCommand() {}

    /// By mail address, sign-in name or id.
    static JsonNode found(Api api, String wanted) {
        return api.list("/guests").stream()
                .filter(guest -> List.of("invitedUserEmailAddress", "mail", "userPrincipalName", "id").stream()
                        .anyMatch(name -> guest.path(name).asString("").equalsIgnoreCase(wanted.strip())))
                .findFirst()
                .orElseThrow(() -> new Fault("there is no guest '" + wanted + "'; see 'postern guest list'"));
    }

    static String id(Api api, Name name) {
        return found(api, name.required("guest (such as alice@partner.example)"))
                .path("id")
                .asString("");
    }

    /// Until when somebody has access.
    static final class End {
        @Option(names = "--days", paramLabel = "N", description = "Access ends after so many days.")
        private @Nullable Integer days;

        @Option(
                names = "--ends",
                paramLabel = "DATE",
                description = "Access ends on this day, such as 2027-01-31 (UTC).")
        private @Nullable String date;

        boolean given() {
            return days != null || date != null;
        }

        String instant() {
            if (days != null && date != null) {
                throw new Fault("--days and --ends are two ends; give one");
            }
            if (days != null) {
                return Instant.now().plus(Duration.ofDays(days)).toString();
            }
            try {
                return LocalDate.parse(String.valueOf(date))
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toString();
            } catch (DateTimeParseException e) {
                throw new Fault("--ends '" + date + "' is not a date such as 2027-01-31", e);
            }
        }
    }

    private static String state(JsonNode guest) {
        String state = guest.path("externalUserState").asString("");
        if (!guest.path("accountEnabled").asBoolean(true)) {
            return "disabled";
        }
        return switch (state) {
            case "PendingAcceptance" -> "invited";
            case "Accepted" -> "accepted";
            default -> "not invited";
        };
    }

    private static String day(JsonNode of, String pointer) {
        String time = of.at(pointer).asString("");
        return time.length() < 10 ? "-" : time.substring(0, 10);
    }

    @Command(
            name = "invite",
            mixinStandardHelpOptions = true,
            description = "Invite somebody by mail. He proves his address by the link in it, and signs in with it.")
    static final class Invite extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--display-name", paramLabel = "TEXT", description = "What he is called here.")
        private @Nullable String displayName;

        @Option(names = "--app", paramLabel = "APP", description = "Application that he is assigned to, and led to.")
        private @Nullable String application;

        @Option(
                names = "--redirect",
                paramLabel = "URL",
                description = "Where he is led to (default: the application, or My Apps).")
        private @Nullable String redirect;

        @Option(
                names = "--language",
                paramLabel = "TAG",
                description = "Of the mail, such as de (default: the tenant's).")
        private @Nullable String language;

        @Option(names = "--message", paramLabel = "TEXT", description = "Your own words in the mail.")
        private String message = "";

        @Option(
                names = "--sponsor",
                paramLabel = "USER",
                description = "Who answers for him (default: you); up to five times.")
        private List<String> sponsors = new ArrayList<>();

        @Mixin
        private End end = new End();

        @Option(
                names = "--show-link",
                description = "Send no mail and show the link, for you to pass on; for administrators of users only.")
        private boolean showLink;

        @Option(names = "--reset", description = "Who accepted before proves his address anew.")
        private boolean reset;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object()
                    .put("invitedUserEmailAddress", name.required("mail address"))
                    .put("sendInvitationMessage", !showLink)
                    .put("resetRedemption", reset);
            if (displayName != null) {
                body.put("invitedUserDisplayName", displayName);
            }
            var lookup = new Lookup(api);
            JsonNode principal =
                    application == null ? Api.object() : lookup.servicePrincipal(lookup.application(application));
            if (redirect != null) {
                body.put("inviteRedirectUrl", redirect);
            } else if (application != null) {
                String signOn = "/servicePrincipals/" + principal.path("id").asString("") + "/signOn";
                body.put(
                        "inviteRedirectUrl",
                        api.get(signOn).path("userAccessUrl").asString(""));
            }
            ObjectNode info = Api.object().put("customizedMessageBody", message);
            if (language != null) {
                info.put("messageLanguage", language);
            }
            body.set("invitedUserMessageInfo", info);
            if (end.given()) {
                body.put("accessEndDateTime", end.instant());
            }
            ArrayNode ids = body.putArray("sponsors");
            sponsors.forEach(sponsor -> ids.add(lookup.user(sponsor).path("id").asString("")));
            JsonNode invited = api.post("/invitations", body);
            if (application != null) {
                assign(api, principal, invited.path("id").asString(""));
            }
            shown(screen, json(), invited);
        }

        /// Who is invited once more may have it already.
        private static void assign(Api api, JsonNode principal, String guest) {
            String resource = principal.path("id").asString("");
            boolean has = api.list("/users/" + guest + "/appRoleAssignments").stream()
                    .anyMatch(one -> one.path("resourceId").asString("").equals(resource));
            if (!has) {
                api.post(
                        "/servicePrincipals/" + resource + "/appRoleAssignedTo",
                        Api.object().put("principalId", guest).put("resourceId", resource));
            }
        }
    }

    private static void shown(Screen screen, boolean json, JsonNode invited) {
        if (json) {
            screen.json(invited);
            return;
        }
        String address = invited.path("invitedUserEmailAddress").asString("");
        String until = day(invited, "/inviteExpirationDateTime");
        screen.line(
                invited.path("sendInvitationMessage").asBoolean(true)
                        ? "Invited " + address + "; the link in the mail holds until " + until + "."
                        : "Invited " + address + ". Give him this link, and nobody else; it holds until " + until
                                + ":");
        String link = invited.path("inviteRedeemUrl").asString("");
        if (!link.isEmpty()) {
            screen.line(link);
        }
    }

    @Command(
            name = "resend",
            mixinStandardHelpOptions = true,
            description = "Send a guest who has not accepted a new link; the old one counts no more.")
    static final class Resend extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode guest = found(api, name.required("guest (such as alice@partner.example)"));
            shown(
                    screen,
                    json(),
                    api.post(
                            "/invitations",
                            Api.object()
                                    .put(
                                            "invitedUserEmailAddress",
                                            guest.path("invitedUserEmailAddress")
                                                    .asString(""))));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List guests.")
    static final class Listing extends Topic.Action {
        @Option(names = "--pending", description = "Only those who have not accepted.")
        private boolean pending;

        @Option(
                names = "--inactive-days",
                paramLabel = "N",
                description = "Only those who have not signed in for so many days; " + LOOK_DAYS
                        + " is what reviews look at.")
        private @Nullable Integer inactiveDays;

        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> guests = api.list("/guests").stream()
                    .filter(guest -> !pending
                            || guest.path("externalUserState").asString("").equals("PendingAcceptance"))
                    .filter(guest -> inactiveDays == null || isInactive(guest, inactiveDays))
                    .toList();
            if (json()) {
                screen.json(guests);
                return;
            }
            screen.table(
                    List.of("GUEST", "NAME", "STATE", "LAST SIGN-IN", "ACCESS ENDS", "SPONSORS"),
                    guests.stream()
                            .map(guest -> List.of(
                                    guest.path("invitedUserEmailAddress")
                                            .asString(guest.path("userPrincipalName")
                                                    .asString("")),
                                    guest.path("displayName").asString(""),
                                    state(guest),
                                    day(guest, "/signInActivity/lastSuccessfulSignInDateTime"),
                                    day(guest, "/accessEndDateTime"),
                                    sponsors(guest)))
                            .toList(),
                    pending || inactiveDays != null
                            ? "No guest is like that."
                            : "No guest yet; invite one with 'postern guest invite'.");
        }

        /// Who never signed in counts from when he was made.
        private static boolean isInactive(JsonNode guest, int days) {
            String last =
                    guest.at("/signInActivity/lastSuccessfulSignInDateTime").asString("");
            Instant since =
                    Instant.parse(last.isEmpty() ? guest.path("createdDateTime").asString("") : last);
            return since.isBefore(Instant.now().minus(Duration.ofDays(days)));
        }
    }

    static String sponsors(JsonNode guest) {
        String names = StreamSupport.stream(guest.path("sponsors").spliterator(), false)
                .map(sponsor -> sponsor.path("userPrincipalName").asString(""))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "-" : names;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show a guest.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode guest = found(api, name.required("guest (such as alice@partner.example)"));
            if (json()) {
                screen.json(guest);
                return;
            }
            line(screen, "Address", guest.path("invitedUserEmailAddress").asString("-"));
            line(screen, "Name", guest.path("displayName").asString(""));
            line(screen, "Sign-in name", guest.path("userPrincipalName").asString(""));
            line(screen, "Id", guest.path("id").asString(""));
            line(screen, "State", state(guest));
            line(screen, "Since", day(guest, "/externalUserStateChangeDateTime"));
            line(screen, "Invited by", guest.path("invitedBy").asString("-"));
            line(screen, "Link holds to", day(guest, "/inviteExpirationDateTime"));
            line(screen, "Last sign-in", day(guest, "/signInActivity/lastSuccessfulSignInDateTime"));
            line(screen, "Access ends", day(guest, "/accessEndDateTime"));
            line(screen, "Sponsors", sponsors(guest));
            line(screen, "Shadow account", shadow(guest));
        }

        private static String shadow(JsonNode guest) {
            String account = guest.path("onPremisesSamAccountName").asString("");
            String name = guest.path("onPremisesUserPrincipalName").asString("");
            return account.isEmpty() && name.isEmpty() ? "-" : (account + " " + name).strip();
        }

        private static void line(Screen screen, String head, String text) {
            screen.line(String.format(Locale.ROOT, "%-16s%s", head, text).stripTrailing());
        }
    }

    @Command(
            name = "extend",
            mixinStandardHelpOptions = true,
            description = "Say until when a guest has access; one whose time was over comes in again.")
    static final class Extend extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private End end = new End();

        @Option(names = "--no-end", description = "Access stays until somebody ends it.")
        private boolean never;

        @Override
        void run(Api api, Screen screen) {
            if (never == end.given()) {
                throw new Fault("say until when: --days, --ends or --no-end");
            }
            String path = "/guests/" + id(api, name);
            ObjectNode body = Api.object();
            if (never) {
                body.putNull("accessEndDateTime");
            } else {
                body.put("accessEndDateTime", end.instant());
            }
            api.patch(path, body);
            JsonNode guest = api.get(path);
            if (json()) {
                screen.json(guest);
            } else {
                screen.line(guest.path("invitedUserEmailAddress").asString("")
                        + (never
                                ? " has access until somebody ends it."
                                : " has access until " + day(guest, "/accessEndDateTime") + "."));
            }
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Delete a guest: sessions and tokens end, assignments go.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("guest (such as alice@partner.example)");
            JsonNode guest = found(api, wanted);
            api.delete("/users/" + guest.path("id").asString(""));
            if (json()) {
                screen.json(guest);
            } else {
                screen.line("Removed guest " + wanted + ".");
            }
        }
    }
}
