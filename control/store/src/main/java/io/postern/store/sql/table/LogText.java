package io.postern.store.sql.table;

import io.postern.domain.TenantId;
import io.postern.store.AuditEntry;
import io.postern.store.SignIn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Entries of the logs as JSON, in the shape of Graph's `signIn` and `directoryAudit`. What is written here is what the
/// hash covers and what everybody reads, for good: members may be added, never renamed.
final class LogText {
    private LogText() {}

    static String of(SignIn s) {
        ObjectNode json = Columns.JSON.createObjectNode();
        json.put("id", s.id());
        json.put("createdDateTime", moment(s.time()));
        json.put("tenantId", s.tenant().value());
        json.put("correlationId", s.correlation());
        boolean service = s.kind() == SignIn.Kind.SERVICE_PRINCIPAL;
        json.put("userId", service ? "" : s.subject().id());
        json.put("userPrincipalName", service ? "" : s.subject().name());
        json.put("userDisplayName", service ? "" : s.subject().displayName());
        json.put("servicePrincipalId", service ? s.subject().id() : "");
        json.put("servicePrincipalName", service ? s.subject().name() : "");
        json.put("appId", s.application().id());
        json.put("appDisplayName", s.application().name());
        json.put("resourceId", s.resource().id());
        json.put("resourceDisplayName", s.resource().name());
        json.put("ipAddress", s.address());
        json.put("clientAppUsed", s.clientApp());
        json.put("isInteractive", s.kind() == SignIn.Kind.INTERACTIVE_USER);
        json.putArray("signInEventTypes").add(s.kind().text());
        json.put("authenticationProtocol", s.protocol());
        json.put(
                "authenticationRequirement",
                s.multiFactor() ? "multiFactorAuthentication" : "singleFactorAuthentication");
        json.put("sessionId", s.session().orElse(""));
        json.put("uniqueTokenIdentifier", s.token().orElse(""));
        json.putObject("status")
                .put("errorCode", s.errorNumber())
                .put("failureReason", s.errorNumber() == 0 ? "Other." : s.failureReason())
                .put("additionalDetails", s.details());
        ArrayNode proofs = json.putArray("authenticationDetails");
        for (String method : s.methods()) {
            proofs.addObject()
                    .put("authenticationStepDateTime", moment(s.time()))
                    .put("authenticationMethod", method)
                    .put("succeeded", s.errorNumber() == 0);
        }
        device(json.putObject("deviceDetail"), s.device());
        place(json.putObject("location"));
        json.put("conditionalAccessStatus", "notApplied");
        json.putArray("appliedConditionalAccessPolicies");
        // nobody looks at risk here: "none" would say that somebody had, and found none
        json.put("riskDetail", "hidden");
        json.put("riskLevelAggregated", "hidden");
        json.put("riskLevelDuringSignIn", "hidden");
        json.put("riskState", "none");
        json.putArray("riskEventTypes");
        json.putArray("riskEventTypes_v2");
        return json.toString();
    }

    private static void device(ObjectNode json, SignIn.Device device) {
        json.put("deviceId", device.facts().getOrDefault("deviceId", ""));
        json.put("displayName", device.facts().getOrDefault("displayName", ""));
        json.put("operatingSystem", device.operatingSystem());
        json.put("browser", device.browser());
        json.put("isCompliant", Boolean.parseBoolean(device.facts().get("isCompliant")));
        json.put("isManaged", Boolean.parseBoolean(device.facts().get("isManaged")));
        json.put("trustType", device.facts().getOrDefault("trustType", ""));
    }

    /// Addresses are not looked up anywhere: an empty place says so.
    private static void place(ObjectNode json) {
        json.put("city", "").put("state", "").put("countryOrRegion", "");
        json.putObject("geoCoordinates").putNull("altitude").putNull("latitude").putNull("longitude");
    }

    static String of(AuditEntry e) {
        ObjectNode json = Columns.JSON.createObjectNode();
        json.put("id", e.id());
        json.put("activityDateTime", moment(e.time()));
        json.put("tenantId", e.tenant().value());
        json.put("correlationId", e.correlation());
        json.put("activityDisplayName", e.activity());
        json.put("category", e.category());
        json.put("operationType", e.operation());
        json.put("loggedByService", e.service());
        json.put("result", e.result());
        json.put("resultReason", e.reason());
        AuditEntry.Initiator by = e.initiator();
        ObjectNode initiatedBy = json.putObject("initiatedBy");
        if (by.person()) {
            initiatedBy
                    .putObject("user")
                    .put("id", by.id())
                    .put("displayName", by.displayName())
                    .put("userPrincipalName", by.name())
                    .put("ipAddress", by.address().orElse(null));
            initiatedBy.putNull("app");
        } else {
            initiatedBy.putNull("user");
            initiatedBy
                    .putObject("app")
                    .put("servicePrincipalId", by.id())
                    .put("displayName", by.name())
                    .put("ipAddress", by.address().orElse(null));
        }
        ArrayNode targets = json.putArray("targetResources");
        e.targets().forEach(t -> target(targets.addObject(), t));
        ArrayNode details = json.putArray("additionalDetails");
        e.details().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(d -> details.addObject().put("key", d.getKey()).put("value", d.getValue()));
        return json.toString();
    }

    private static void target(ObjectNode json, AuditEntry.Target target) {
        boolean user = target.type().equals("User");
        json.put("id", target.id());
        json.put("displayName", target.name());
        json.put("type", target.type());
        json.put("userPrincipalName", user ? target.name() : null);
        json.put("groupType", target.type().equals("Group") ? "azureAD" : null);
        ArrayNode modified = json.putArray("modifiedProperties");
        for (AuditEntry.Modified m : target.modified()) {
            modified.addObject()
                    .put("displayName", m.property())
                    .put("oldValue", m.before())
                    .put("newValue", m.after());
        }
    }

    static AuditEntry audit(String text) {
        JsonNode json = Columns.JSON.readTree(text);
        var targets = new ArrayList<AuditEntry.Target>();
        for (JsonNode t : json.path("targetResources")) {
            var modified = new ArrayList<AuditEntry.Modified>();
            t.path("modifiedProperties")
                    .forEach(m -> modified.add(new AuditEntry.Modified(
                            m.path("displayName").asString(),
                            m.path("oldValue").asString(),
                            m.path("newValue").asString())));
            targets.add(new AuditEntry.Target(
                    t.path("type").asString(),
                    t.path("id").asString(),
                    t.path("displayName").asString(),
                    modified));
        }
        var details = new HashMap<String, String>();
        json.path("additionalDetails")
                .forEach(d ->
                        details.put(d.path("key").asString(), d.path("value").asString()));
        return new AuditEntry(
                json.path("id").asString(),
                new TenantId(json.path("tenantId").asString()),
                Instant.parse(json.path("activityDateTime").asString()),
                json.path("correlationId").asString(),
                json.path("activityDisplayName").asString(),
                json.path("category").asString(),
                json.path("loggedByService").asString(),
                initiator(json.path("initiatedBy")),
                List.copyOf(targets),
                json.path("result").asString(),
                json.path("resultReason").asString(),
                details);
    }

    private static AuditEntry.Initiator initiator(JsonNode by) {
        boolean person = by.path("user").isObject();
        JsonNode who = person ? by.path("user") : by.path("app");
        JsonNode address = who.path("ipAddress");
        return new AuditEntry.Initiator(
                who.path(person ? "id" : "servicePrincipalId").asString(),
                who.path(person ? "userPrincipalName" : "displayName").asString(),
                person,
                person ? who.path("displayName").asString() : "",
                address.isString() ? Optional.of(address.asString()) : Optional.empty());
    }

    /// To the microsecond, as everything here.
    private static String moment(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).toString();
    }
}
