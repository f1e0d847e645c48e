package io.postern.admin.graph;

import io.postern.admin.service.Assignments;
import io.postern.admin.service.Connectors;
import io.postern.admin.service.Site;
import io.postern.admin.service.SystemApplications;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.TenantSettings;
import io.postern.store.AlertStore.Recipients;
import io.postern.store.ApiCredential;
import io.postern.store.Assignment;
import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.EnrollmentTokenStore;
import io.postern.store.Group;
import io.postern.store.ServicePrincipal;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What rows look like in JSON (docs/api.md "Objects"). Secrets have no shape.
final class Shapes {
    private final Site site;
    private final HealthShapes health;
    private final PublishingShape publishings;

    Shapes(Site site, HealthShapes health, PublishingShape publishings) {
        this.site = site;
        this.health = health;
        this.publishings = publishings;
    }

    /// @param notes of its administrators
    ObjectNode application(Application application, Optional<String> notes) {
        ObjectNode json = application(application);
        put(json, "notes", notes);
        return json;
    }

    /// In lists of other things' applications: without notes.
    ObjectNode application(Application application) {
        ObjectNode json = object();
        json.put("id", application.id().value())
                .put("appId", application.appId().value())
                .put("displayName", application.displayName())
                .put("createdDateTime", application.created().toString())
                .put("signInAudience", "AzureADMyOrg")
                .put("isFallbackPublicClient", application.publicClient());
        texts(json.putArray("identifierUris"), application.identifierUris());
        ObjectNode web = json.putObject("web");
        texts(
                web.putArray("redirectUris"),
                application.redirectUris().stream().map(site::withPort).toList());
        put(web, "homePageUrl", application.homePageUrl().map(site::withPort));
        AppRolesForm.write(json, application.appRoles());
        application
                .publishing()
                .ifPresentOrElse(
                        p -> json.set("onPremisesPublishing", publishing(p)),
                        () -> json.putNull("onPremisesPublishing"));
        return json;
    }

    ObjectNode publishing(Publishing publishing) {
        return publishings.of(publishing);
    }

    ObjectNode servicePrincipal(ServicePrincipal principal) {
        ObjectNode json = object().put("id", principal.id().value())
                .put("appId", principal.appId().value())
                .put("displayName", principal.displayName())
                .put("accountEnabled", principal.accountEnabled())
                .put("appRoleAssignmentRequired", principal.appRoleAssignmentRequired())
                .put("createdDateTime", principal.created().toString())
                .put("isBuiltIn", SystemApplications.isBuiltIn(principal.tenant(), principal.appId()));
        texts(json.putArray("tags"), principal.tags());
        return json;
    }

    ObjectNode assignment(Assignments.Named named) {
        Assignment assignment = named.assignment();
        ObjectNode json = object().put("id", assignment.id())
                .put("principalId", assignment.principal())
                .put(
                        "principalType",
                        switch (assignment.principalType()) {
                            case USER -> "User";
                            case GROUP -> "Group";
                            case SERVICE_PRINCIPAL -> "ServicePrincipal";
                        })
                .put("principalDisplayName", named.principalName())
                .put("resourceId", assignment.resource().value())
                .put("resourceDisplayName", named.resourceName())
                .put("appRoleId", assignment.appRoleId())
                .put("appRoleDisplayName", named.roleName())
                .put("createdDateTime", assignment.created().toString());
        put(json, "startDateTime", assignment.starts().map(Object::toString));
        put(json, "endDateTime", assignment.ends().map(Object::toString));
        put(json, "reason", assignment.reason());
        put(json, "assignedBy", assignment.assignedBy());
        put(json, "lastUsedDateTime", assignment.lastUsed().map(Object::toString));
        put(json, "reviewedDateTime", assignment.reviewed().map(Object::toString));
        return json;
    }

    ObjectNode apiToken(ApiCredential credential) {
        ObjectNode json = object().put("id", credential.id())
                .put("displayName", credential.displayName())
                .put("createdDateTime", credential.created().toString());
        put(json, "expirationDateTime", credential.expires().map(Object::toString));
        return json;
    }

    ObjectNode user(User user) {
        ObjectNode json = object().put("id", user.id().value())
                .put("userPrincipalName", user.userPrincipalName())
                .put("displayName", user.displayName())
                .put("accountEnabled", user.accountEnabled())
                .put("createdDateTime", user.created().toString());
        put(json, "givenName", user.givenName());
        put(json, "surname", user.surname());
        put(json, "mail", user.mail());
        UserAttributes.write(json, user.attributes());
        return json;
    }

    ObjectNode group(Group group) {
        ObjectNode json = object().put("id", group.id().value())
                .put("displayName", group.displayName())
                .put("securityEnabled", true)
                .put("createdDateTime", group.created().toString());
        put(json, "description", group.description());
        ArrayNode types = json.putArray("groupTypes");
        group.rule().ifPresent(_ -> types.add("DynamicMembership"));
        put(json, "membershipRule", group.rule().map(Group.Rule::text));
        put(json, "membershipRuleProcessingState", group.rule().map(rule -> rule.paused() ? "Paused" : "On"));
        return json;
    }

    ObjectNode connector(Connectors.Seen seen) {
        Connector connector = seen.connector();
        ObjectNode json = object().put("id", connector.id().value())
                .put("machineName", connector.machineName())
                .put("status", seen.active() ? "active" : "inactive")
                .put("version", connector.version())
                .put("accountEnabled", connector.enabled())
                .put("createdDateTime", connector.created().toString())
                .put(
                        "certificateExpirationDateTime",
                        connector.certificateExpires().toString());
        put(json, "externalIp", connector.externalIp());
        put(json, "lastSeenDateTime", connector.lastSeen().map(Object::toString));
        health.addTo(json, seen);
        return json;
    }

    ObjectNode connectorToken(EnrollmentTokenStore.Row token, Instant now) {
        String status = token.use().isPresent() ? "used" : now.isBefore(token.expires()) ? "unused" : "expired";
        ObjectNode json = object().put("id", token.id())
                .put("status", status)
                .put("createdDateTime", token.created().toString())
                .put("createdBy", token.createdBy())
                .put("expirationDateTime", token.expires().toString());
        json.putObject("connectorGroup").put("id", token.group().value());
        put(json, "usedDateTime", token.use().map(use -> use.time().toString()));
        put(json, "connectorId", token.use().map(use -> use.connector().value()));
        return json;
    }

    ObjectNode connectorGroup(ConnectorGroup group) {
        ObjectNode json = object().put("id", group.id().value())
                .put("name", group.name())
                .put("connectorGroupType", "applicationProxy")
                .put("isDefault", group.isDefault());
        put(json, "region", group.region());
        return json;
    }

    ObjectNode organization(Tenant tenant, TenantSettings settings, Recipients told) {
        ObjectNode json = object().put("id", tenant.id().value())
                .put("displayName", tenant.displayName())
                .put("name", tenant.name())
                .put("createdDateTime", tenant.created().toString());
        json.putArray("verifiedDomains")
                .addObject()
                .put("name", tenant.domain())
                .put("isDefault", true);
        number(json, "requestsPerSecondMax", settings.requestsPerSecondMax());
        number(json, "applicationRequestsPerSecondMax", settings.applicationRequestsPerSecondMax());
        text(json, "brandName", settings.branding().name());
        text(json, "brandColour", settings.branding().colour());
        text(json, "brandLogo", settings.branding().logo());
        text(json, "preferredLanguage", settings.language());
        json.put("mfaRequiredFor", settings.signIn().mfa().name().toLowerCase(Locale.ROOT))
                .put("mfaRegistration", settings.signIn().mfaRegistration())
                .put("askToStaySignedIn", settings.signIn().askToStay());
        number(json, "passwordValidityDays", settings.signIn().passwordDays());
        texts(json.putArray("technicalNotificationMails"), told.technical());
        texts(json.putArray("securityComplianceNotificationMails"), told.security());
        return json;
    }

    private static void number(ObjectNode json, String name, Optional<Integer> value) {
        value.ifPresentOrElse(known -> json.put(name, known), () -> json.putNull(name));
    }

    private static void text(ObjectNode json, String name, Optional<String> value) {
        value.ifPresentOrElse(known -> json.put(name, known), () -> json.putNull(name));
    }

    static ObjectNode object() {
        return Json.MAPPER.createObjectNode();
    }

    static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    static void put(ObjectNode json, String name, Optional<String> value) {
        value.ifPresentOrElse(text -> json.put(name, text), () -> json.putNull(name));
    }
}
