package io.postern.run.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern guest policy`: who may invite, from where, and for how long.
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Show who may invite guests, from which domains, and for how long; or change it.")
final class GuestPolicyCommand extends Topic.Action {
    private static final String PATH = "/policies/authorizationPolicy";

    @Option(
            names = "--inviters",
            paramLabel = "WHO",
            description = "none, admins, adminsAndGuestInviters, adminsGuestInvitersAndAllMembers or everyone.")
    private @Nullable String inviters;

    @Option(
            names = "--allow-domain",
            paramLabel = "DOMAIN",
            description = "Guests come from here only, or from below it; several replace those that are, '' takes all"
                    + " away.")
    private @Nullable List<String> allowed;

    @Option(names = "--block-domain", paramLabel = "DOMAIN", description = "No guest comes from here; the same.")
    private @Nullable List<String> blocked;

    @Option(names = "--invitation-days", paramLabel = "N", description = "So long a link holds.")
    private @Nullable Integer invitationDays;

    @Option(
            names = "--access-days",
            paramLabel = "N",
            description = "So long a guest has access unless the invitation says otherwise; 0: no end.")
    private @Nullable Integer accessDays;

    @Override
    void run(Api api, Screen screen) {
        ObjectNode body = Api.object();
        if (inviters != null) {
            body.put("allowInvitesFrom", inviters);
        }
        domains(body, "allowedDomains", allowed);
        domains(body, "blockedDomains", blocked);
        if (invitationDays != null) {
            body.put("invitationDays", invitationDays.intValue());
        }
        if (accessDays != null && accessDays == 0) {
            body.putNull("accessDays");
        } else if (accessDays != null) {
            body.put("accessDays", accessDays.intValue());
        }
        if (!body.isEmpty()) {
            api.patch(PATH, body);
        }
        JsonNode policy = api.get(PATH);
        if (json()) {
            screen.json(policy);
            return;
        }
        line(screen, "May invite", policy.path("allowInvitesFrom").asString(""));
        line(screen, "Domains", joined(policy.path("allowedDomains"), "all"));
        line(screen, "Blocked", joined(policy.path("blockedDomains"), "none"));
        line(screen, "Link holds", policy.path("invitationDays").asInt() + " days");
        int days = policy.path("accessDays").asInt(0);
        line(screen, "Access", days == 0 ? "until somebody ends it" : days + " days");
    }

    private static void domains(ObjectNode body, String name, @Nullable List<String> domains) {
        if (domains != null) {
            ArrayNode all = body.putArray(name);
            domains.stream().filter(domain -> !domain.isBlank()).forEach(all::add);
        }
    }

    private static String joined(JsonNode domains, String none) {
        var names = new ArrayList<String>();
        domains.forEach(domain -> names.add(domain.asString("")));
        return names.isEmpty() ? none : String.join(", ", names);
    }

    private static void line(Screen screen, String head, String text) {
        screen.line(String.format(Locale.ROOT, "%-16s%s", head, text));
    }
}
