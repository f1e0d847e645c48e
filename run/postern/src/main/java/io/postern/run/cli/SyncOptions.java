package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// What of a directory is synchronised, and how.
final class SyncOptions {
    @Option(
            names = "--directory",
            paramLabel = "NAME",
            description = "What its connectors call the directory in their file; the source's own name otherwise.")
    private @Nullable String directory;

    @Option(names = "--group", paramLabel = "GROUP", description = "Connector group whose connectors can read it.")
    private @Nullable String group;

    @Option(
            names = "--base",
            paramLabel = "DN",
            description = "Read below this place, for example OU=Staff,DC=corp,DC=test. Several: repeat it.")
    private @Nullable List<String> bases;

    @Option(names = "--exclude", paramLabel = "DN", description = "Take nothing below this place. Several: repeat it.")
    private @Nullable List<String> excluded;

    @Option(
            names = "--user-filter",
            paramLabel = "FILTER",
            description =
                    "Only users that this LDAP filter selects, for example (department=Sales); none takes it back.")
    private @Nullable String userFilter;

    @Option(names = "--group-filter", paramLabel = "FILTER", description = "The same for groups.")
    private @Nullable String groupFilter;

    @Option(
            names = "--members-of",
            paramLabel = "DN",
            description = "Only users who are members of this group, directly or by groups within it; none takes it"
                    + " back. Several: repeat it.")
    private @Nullable List<String> membersOf;

    @Option(
            names = "--nested",
            paramLabel = "on|off",
            description = "Whether --members-of counts groups within groups too, which only Active Directory can tell;"
                    + " on at first.")
    private @Nullable String nested;

    @Option(
            names = "--map",
            paramLabel = "PROPERTY=EXPRESSION",
            description = "Where a property comes from, for example department=firstOf(department, \"Staff\") or"
                    + " mail=none; an empty expression takes the usual back. Several: repeat it.")
    private @Nullable Map<String, String> mapping;

    @Option(names = "--interval", paramLabel = "MINUTES", description = "A cycle begins so often; 30 at first.")
    private @Nullable Integer interval;

    @Option(
            names = "--max-deletions",
            paramLabel = "COUNT",
            description = "A cycle that would delete more stops; 500 at first.")
    private @Nullable Integer deletionsMax;

    @Option(
            names = "--max-deletions-percent",
            paramLabel = "PERCENT",
            description = "The same as a share of what is synchronised; 10 at first.")
    private @Nullable Integer deletionsPercentMax;

    @Option(
            names = "--soft-match",
            paramLabel = "on|off",
            description = "Whether an object takes over a user of the same name or mail address who is here already.")
    private @Nullable String softMatch;

    @Option(
            names = "--password-check",
            paramLabel = "here|on-premises",
            description = "Who says whether a user's password is right: this service, or his directory through a"
                    + " connector.")
    private @Nullable String passwordCheck;

    @Option(
            names = "--password-tries",
            paramLabel = "COUNT",
            description =
                    "So many wrong passwords on premises pause a name here; 5 at first. Less than half of what the"
                            + " directory takes before it locks the account.")
    private @Nullable Integer passwordTries;

    @Option(
            names = "--password-pause",
            paramLabel = "MINUTES",
            description = "How long at the least; 31 at first. Longer than the directory counts wrong passwords.")
    private @Nullable Integer passwordPause;

    ObjectNode body(Api api) {
        ObjectNode body = Api.object();
        if (directory != null) {
            body.put("directory", directory);
        }
        if (group != null) {
            body.put(
                    "connectorGroupId",
                    new Lookup(api).connectorGroup(group).path("id").asString());
        }
        if (bases != null) {
            bases.stream().filter(dn -> !dn.equals("none")).forEach(body.putArray("bases")::add);
        }
        if (excluded != null) {
            excluded.stream().filter(dn -> !dn.equals("none")).forEach(body.putArray("excluded")::add);
        }
        if (userFilter != null) {
            body.put("userFilter", userFilter.equals("none") ? null : userFilter);
        }
        if (groupFilter != null) {
            body.put("groupFilter", groupFilter.equals("none") ? null : groupFilter);
        }
        if (membersOf != null) {
            membersOf.stream().filter(dn -> !dn.equals("none")).forEach(body.putArray("membersOf")::add);
        }
        if (nested != null) {
            body.put("isNestedMembershipIncluded", isOn("--nested", nested));
        }
        if (mapping != null) {
            ObjectNode all = body.putObject("mapping");
            new LinkedHashMap<>(mapping).forEach(all::put);
        }
        if (interval != null) {
            body.put("intervalMinutes", interval);
        }
        if (deletionsMax != null) {
            body.put("deletionsMax", deletionsMax);
        }
        if (deletionsPercentMax != null) {
            body.put("deletionsPercentMax", deletionsPercentMax);
        }
        if (softMatch != null) {
            body.put("isSoftMatchEnabled", isOn("--soft-match", softMatch));
        }
        if (passwordCheck != null) {
            body.put(
                    "passwordCheck",
                    switch (passwordCheck) {
                        case "here" -> "here";
                        case "on-premises" -> "onPremises";
                        default ->
                            throw new Fault(
                                    "--password-check is '" + passwordCheck + "' but must be here or on-premises");
                    });
        }
        if (passwordTries != null) {
            body.put("passwordTriesMax", passwordTries);
        }
        if (passwordPause != null) {
            body.put("passwordPauseMinutes", passwordPause);
        }
        return body;
    }

    private static boolean isOn(String option, String value) {
        if (!value.equals("on") && !value.equals("off")) {
            throw new Fault(option + " is '" + value + "' but must be on or off");
        }
        return value.equals("on");
    }
}
