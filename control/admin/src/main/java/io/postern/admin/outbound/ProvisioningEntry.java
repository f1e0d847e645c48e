package io.postern.admin.outbound;

import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore.Entry;
import io.postern.store.OutboundStore.Kind;
import io.postern.web.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What was done about a user or group, as the provisioning log shows it: the shape of Graph's
/// `provisioningObjectSummary`.
final class ProvisioningEntry {
    private ProvisioningEntry() {}

    /// @param cycle of one turn
    static Entry of(
            OutboundJob job,
            String application,
            String cycle,
            Kind kind,
            String subject,
            DeliveryReport report,
            Instant now,
            Duration took) {
        String id = UUID.randomUUID().toString();
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", id);
        json.put("activityDateTime", now.truncatedTo(ChronoUnit.MILLIS).toString());
        json.put("tenantId", job.tenant().value());
        json.put("jobId", job.resource().value());
        json.put("cycleId", cycle);
        json.put("durationInMilliseconds", took.toMillis());
        json.put("provisioningAction", report.action());
        json.putObject("servicePrincipal").put("id", job.resource().value()).put("displayName", application);
        json.putObject("sourceIdentity")
                .put("id", subject)
                .put("displayName", report.name())
                .put("identityType", kind == Kind.USER ? "User" : "Group");
        json.putObject("targetIdentity")
                .put("id", report.remote())
                .put("identityType", kind == Kind.USER ? "User" : "Group");
        ObjectNode status = json.putObject("provisioningStatusInfo").put("status", report.result());
        if (report.code().isEmpty()) {
            status.putNull("errorInformation");
        } else {
            status.putObject("errorInformation")
                    .put("errorCode", report.code())
                    .put("reason", report.reason())
                    .put("recommendedAction", report.remedy());
        }
        ArrayNode modified = json.putArray("modifiedProperties");
        report.modified()
                .forEach(m -> modified.addObject()
                        .put("displayName", m.attribute())
                        .put("oldValue", m.before())
                        .put("newValue", m.after()));
        ArrayNode steps = json.putArray("provisioningSteps");
        report.steps()
                .forEach(s -> steps.addObject()
                        .put("name", s.name())
                        .put("status", s.result())
                        .put("description", s.description()));
        return new Entry(job.tenant(), id, now, job.resource(), subject, report.result(), json.toString());
    }
}
