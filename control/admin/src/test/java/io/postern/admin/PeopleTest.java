package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.directory.AdminRole;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is known of users, what they may be in applications and for how long, and who may change whom.
class PeopleTest {
    private static final String EDITOR = "0b9cbd51-59a9-4f1f-8d4e-3ff0a8a5e1a1";

    @TempDir
    Path folder;

    private Installation service;
    private String application;
    private String principal;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        application = service.post(
                        "/applications",
                        "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}")
                .text("/id");
        String appId = service.get("/applications/" + application).text("/appId");
        principal = service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                .text("/value/0/id");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private String path() {
        return "/users/" + service.user.id();
    }

    private Response as(User who, String verb, String path, String body) {
        return service.call(verb, "/v1.0" + path, Map.of("Authorization", "Bearer " + service.accessToken(who)), body);
    }

    @Test
    void keepsWhatIsKnownOfAUserAndForgetsWhatIsCleared() {
        String manager = service.administrator.id().value();
        assertEquals(204, service.patch(path(), """
            {"employeeId":"4711","department":"Süd","usageLocation":"DE","manager":"%s",
             "onPremisesSamAccountName":"auser",
             "onPremisesExtensionAttributes":{"extensionAttribute15":"fünfzehn"}}\
            """.formatted(manager)).status());
        assertEquals(204, service.patch(path(), "{\"department\":null}").status());

        Response user = service.get(path());
        assertEquals("4711", user.text("/employeeId"));
        assertEquals("DE", user.text("/usageLocation"));
        assertEquals(manager, user.text("/manager"));
        assertEquals("auser", user.text("/onPremisesSamAccountName"));
        assertEquals("fünfzehn", user.text("/onPremisesExtensionAttributes/extensionAttribute15"));
        assertEquals("Member", user.text("/userType"));
        assertTrue(user.json().path("department").isNull());
    }

    /// One request is one change: the name is somebody's, so the password stays too.
    @Test
    void keepsThePasswordWhereAnotherPropertyCannotBeHad() {
        User before = stored();
        int entries = audited();

        Response refused = service.patch(
                path(),
                "{\"userPrincipalName\":\"%s\",\"passwordProfile\":{\"password\":\"wrong horse staple\"}}"
                        .formatted(service.administrator.userPrincipalName()));

        assertEquals(409, refused.status(), refused.json().toString());
        assertEquals(before, stored());
        assertEquals(entries, audited());
    }

    @Test
    void setsPasswordAndNameTogether() {
        User before = stored();

        Response done = service.patch(
                path(),
                "{\"displayName\":\"Renamed\",\"accountEnabled\":false,"
                        + "\"passwordProfile\":{\"password\":\"wrong horse staple\"}}");

        assertEquals(204, done.status(), done.json().toString());
        User after = stored();
        assertEquals("Renamed", after.displayName());
        assertFalse(after.accountEnabled());
        assertNotEquals(before.passwordHash(), after.passwordHash());
    }

    private User stored() {
        return service.store.read(stores ->
                stores.users().find(service.tenant.id(), service.user.id()).orElseThrow());
    }

    private int audited() {
        return service.store
                .read(stores -> stores.audit().list(service.tenant.id(), 10_000))
                .size();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"usageLocation\":\"Germany\"} | usageLocation",
                "{\"userType\":\"Boss\"} | userType",
                "{\"manager\":\"11111111-2222-4333-8444-555555555555\"} | manager",
                "{\"shoeSize\":\"44\"} | shoeSize",
                "{\"onPremisesExtensionAttributes\":{\"extensionAttribute16\":\"x\"}} | extensionAttribute16"
            })
    void refusesWhatNobodyCanBe(String body, String named) {
        Response refused = service.patch(path(), body);

        assertEquals(400, refused.status());
        assertTrue(refused.raw().body().contains(named.strip()), refused.raw().body());
    }

    @Test
    void findsUsersByAnyAttributeAndByPartsOfTheirNames() {
        service.patch(path(), "{\"department\":\"Sales\",\"employeeId\":\"4711\"}");

        assertEquals(
                service.user.id().value(),
                service.get("/users?$filter=department%20eq%20'sales'").text("/value/0/id"));
        assertEquals(
                1,
                service.get("/users?$filter=startswith(employeeId,'47')")
                        .json()
                        .path("value")
                        .size());
        assertEquals(
                1,
                service.get("/users?$filter=accountEnabled%20eq%20true&$search=%22displayName:user%22")
                        .json()
                        .path("value")
                        .size());
        assertEquals(
                2,
                service.get("/users?$search=%22simon%22").json().path("value").size()
                        + service.get("/users?$search=%22a.user%22")
                                .json()
                                .path("value")
                                .size());
        assertEquals(400, service.get("/users?$search=simon").status());
    }

    @Test
    void aGuestInviterAddsGuestsAndNobodyElse() {
        User inviter = service.holder(AdminRole.GUEST_INVITER);
        String body = "{\"userPrincipalName\":\"%s@contoso.example\",\"displayName\":\"G\",\"userType\":\"%s\","
                + "\"passwordProfile\":{\"password\":\"a good long password\"}}";

        assertEquals(
                201, as(inviter, "POST", "/users", body.formatted("g", "Guest")).status());
        assertEquals(
                403,
                as(inviter, "POST", "/users", body.formatted("m", "Member")).status());
    }

    private Response setRoles(String... roles) {
        return service.patch("/applications/" + application, "{\"appRoles\":[" + String.join(",", roles) + "]}");
    }

    private static String role(boolean enabled) {
        return "{\"id\":\"" + EDITOR + "\",\"displayName\":\"Editor\",\"value\":\"wiki.edit\",\"description\":\"d\","
                + "\"allowedMemberTypes\":[\"User\"],\"isEnabled\":" + enabled + "}";
    }

    private Response assign(String who, String more) {
        return service.post(
                "/servicePrincipals/" + principal + "/appRoleAssignedTo",
                "{\"principalId\":\"" + who + "\"" + more + "}");
    }

    @Test
    void assignsARoleThatTheApplicationHas() { // ASG-2, ASG-7
        String user = service.user.id().value();
        assertEquals(400, assign(user, ",\"appRoleId\":\"" + EDITOR + "\"").status());
        assertEquals(204, setRoles(role(true)).status());

        Response assigned = assign(user, ",\"appRoleId\":\"" + EDITOR + "\"");

        assertEquals(201, assigned.status(), assigned.raw().body());
        assertEquals("Editor", assigned.text("/appRoleDisplayName"));
        assertEquals("wiki.edit", service.get("/applications/" + application).text("/appRoles/0/value"));
        assertEquals(201, assign(user, "").status(), "default access besides");
        assertEquals(409, assign(user, "").status());
    }

    @Test
    void aRoleIsDisabledBeforeItGoesAndTakesItsAssignmentsAlong() { // ASG-7
        setRoles(role(true));
        assign(service.user.id().value(), ",\"appRoleId\":\"" + EDITOR + "\"");

        assertEquals(409, setRoles().status());
        assertEquals(204, setRoles(role(false)).status());
        assertEquals(
                400,
                assign(service.administrator.id().value(), ",\"appRoleId\":\"" + EDITOR + "\"")
                        .status());
        assertEquals(204, setRoles().status());
        assertEquals(
                0,
                service.get("/servicePrincipals/" + principal + "/appRoleAssignedTo")
                        .json()
                        .path("value")
                        .size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"displayName\":\"A\",\"value\":\"two words\"}",
                "{\"displayName\":\"A\",\"allowedMemberTypes\":[\"Robot\"]}",
                "{\"displayName\":\"A\",\"allowedMemberTypes\":[]}",
                "{\"displayName\":\"\"}",
                "{\"displayName\":\"A\",\"id\":\"00000000-0000-0000-0000-000000000000\"}",
                "{\"displayName\":\"A\",\"value\":\"v\"},{\"displayName\":\"B\",\"value\":\"v\"}"
            })
    void refusesBadRoles(String roles) {
        assertEquals(400, setRoles(roles).status());
    }

    @Test
    void anApplicationGetsARoleForApplicationsOnly() {
        setRoles(role(true));
        String job = service.quickstart.id().value();

        assertEquals(400, assign(job, ",\"appRoleId\":\"" + EDITOR + "\"").status());
        setRoles(role(true).replace("\"User\"", "\"User\",\"Application\""));
        Response assigned = assign(job, ",\"appRoleId\":\"" + EDITOR + "\"");
        assertEquals("ServicePrincipal", assigned.text("/principalType"));
    }

    @Test
    void tellsWhyByWhomAndForHowLongSomebodyIsAssigned() {
        Instant end = Instant.now().plusSeconds(86_400).truncatedTo(ChronoUnit.SECONDS);
        Response assigned =
                assign(service.user.id().value(), ",\"reason\":\"audit 2026\",\"endDateTime\":\"" + end + "\"");
        String path = "/servicePrincipals/" + principal + "/appRoleAssignedTo/" + assigned.text("/id");

        assertEquals("audit 2026", assigned.text("/reason"));
        assertEquals(end.toString(), assigned.text("/endDateTime"));
        assertEquals(service.quickstart.displayName(), assigned.text("/assignedBy"));
        assertTrue(assigned.json().path("lastUsedDateTime").isNull());
        assertEquals(
                204,
                service.patch(path, "{\"endDateTime\":null,\"reason\":\"stays\"}")
                        .status());
        Response now = service.get("/servicePrincipals/" + principal + "/appRoleAssignedTo");
        assertTrue(now.json().at("/value/0/endDateTime").isNull());
        assertEquals("stays", now.text("/value/0/reason"));
        assertEquals(
                400,
                service.patch(path, "{\"endDateTime\":\"2020-01-01T00:00:00Z\"}")
                        .status());
    }

    @Test
    void listsUnusedAndEndingAssignmentsAndKeepsOrRemovesThem() {
        String endless = assign(service.administrator.id().value(), "").text("/id");
        String ending = assign(
                        service.user.id().value(),
                        ",\"endDateTime\":\"" + Instant.now().plusSeconds(86_400) + "\"")
                .text("/id");
        service.store.write(stores -> {
            stores.assignments()
                    .used(
                            service.tenant.id(),
                            new ServicePrincipalId(principal),
                            service.administrator.id(),
                            Instant.now());
            return true;
        });

        assertEquals(2, service.get("/assignmentReviews").json().path("value").size());
        assertEquals(ending, service.get("/assignmentReviews?endingDays=7").text("/value/0/id"));
        assertEquals(
                0,
                service.get("/assignmentReviews?unusedDays=1")
                        .json()
                        .path("value")
                        .size(),
                "made a moment ago");
        assertEquals(400, service.get("/assignmentReviews?unusedDays=soon").status());

        String decide = "/assignmentReviews/%s/decide";
        assertEquals(
                400,
                service.post(decide.formatted(ending), "{\"decision\":\"keep\"}")
                        .status(),
                "no reason");
        Response kept = service.post(decide.formatted(endless), "{\"decision\":\"keep\",\"reason\":\"needs it\"}");
        assertTrue(kept.json().path("reviewedDateTime").isString());
        assertEquals(
                200,
                service.post(decide.formatted(ending), "{\"decision\":\"remove\",\"reason\":\"left\"}")
                        .status());
        assertEquals(1, service.get("/assignmentReviews").json().path("value").size());
        String log = service.get("/auditLogs/directoryAudits?$top=2").raw().body();
        assertTrue(log.contains("Review app role assignment: remove") && log.contains("left"), log);
    }

    /// The caller's role × the target's role; whom User Administrators may change follows the original.
    @ParameterizedTest
    @CsvSource({
        "HELPDESK_ADMINISTRATOR, , true",
        "HELPDESK_ADMINISTRATOR, PASSWORD_ADMINISTRATOR, true",
        "HELPDESK_ADMINISTRATOR, USER_ADMINISTRATOR, false",
        "HELPDESK_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, false",
        "PASSWORD_ADMINISTRATOR, HELPDESK_ADMINISTRATOR, false",
        "AUTHENTICATION_ADMINISTRATOR, APPLICATION_ADMINISTRATOR, false",
        "USER_ADMINISTRATOR, HELPDESK_ADMINISTRATOR, true",
        "USER_ADMINISTRATOR, SECURITY_READER, false",
        "GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR, true"
    })
    void setsPasswordsOfLowerRolesOnly(AdminRole caller, AdminRole target, boolean may) {
        User who = service.holder(caller);
        User whom = target == null ? service.user : service.holder(target);
        String body = "{\"passwordProfile\":{\"password\":\"a good long password\"}}";

        assertEquals(
                may ? 204 : 403, as(who, "PATCH", "/users/" + whom.id(), body).status());
    }

    @Test
    void whoMayOnlySetPasswordsChangesNothingElse() {
        User helpdesk = service.holder(AdminRole.HELPDESK_ADMINISTRATOR);

        assertEquals(
                403, as(helpdesk, "PATCH", path(), "{\"displayName\":\"X\"}").status());
        assertEquals(
                403, as(helpdesk, "PATCH", path(), "{\"accountEnabled\":false}").status());
        assertEquals(
                403,
                as(helpdesk, "POST", "/users/" + service.administrator.id() + "/revokeSignInSessions", "{}")
                        .status());
    }

    @Test
    void aUserAdministratorLeavesMightierOnesAlone() {
        User caller = service.holder(AdminRole.USER_ADMINISTRATOR);
        String admin = "/users/" + service.administrator.id();

        assertEquals(
                403, as(caller, "PATCH", admin, "{\"accountEnabled\":false}").status());
        assertEquals(403, as(caller, "DELETE", admin, null).status());
        assertEquals(
                204, as(caller, "PATCH", path(), "{\"accountEnabled\":false}").status());
    }

    @Test
    void nobodyGivesHimselfARole() {
        User caller = service.holder(AdminRole.PRIVILEGED_ROLE_ADMINISTRATOR);
        String roles = "/roleManagement/directory/roleAssignments";
        String body =
                "{\"principalId\":\"%s\",\"roleDefinitionId\":\"" + AdminRole.GLOBAL_ADMINISTRATOR.templateId() + "\"}";

        assertEquals(403, as(caller, "POST", roles, body.formatted(caller.id())).status());
        assertEquals(
                201,
                as(caller, "POST", roles, body.formatted(service.user.id())).status());
    }

    @Test
    void theLastGlobalAdministratorKeepsTheRole() {
        User caller = service.holder(AdminRole.PRIVILEGED_ROLE_ADMINISTRATOR);
        String role = AdminRole.GLOBAL_ADMINISTRATOR.templateId();

        assertEquals(
                409,
                as(
                                caller,
                                "DELETE",
                                "/roleManagement/directory/roleAssignments/" + service.administrator.id() + "_" + role,
                                null)
                        .status());
    }

    /// Whoever has an application's credentials can do what the application can.
    @Test
    void makesCredentialsForEquallyMightyApplicationsOnly() {
        User caller = service.holder(AdminRole.APPLICATION_ADMINISTRATOR);
        String body = "{\"displayName\":\"t\"}";

        assertEquals(
                403,
                as(caller, "POST", "/servicePrincipals/" + service.quickstart.id() + "/apiTokens", body)
                        .status());
        assertEquals(
                201,
                as(caller, "POST", "/servicePrincipals/" + principal + "/apiTokens", body)
                        .status());
    }

    /// The path is the tenant's own; what the body names is another's.
    @Test
    void anotherTenantsThingsInABodyAreNobodys() {
        String foreign = service.otherTenantToken();
        Map<String, String> fields = Map.of("Authorization", "Bearer " + foreign);
        String other =
                service.call("GET", "/v1.0/servicePrincipals", fields, null).text("/value/0/id");
        String group = service.call("POST", "/v1.0/groups", fields, "{\"displayName\":\"theirs\"}")
                .text("/id");
        String connectors = service.call("GET", "/v1.0" + Installation.PROFILE + "/connectorGroups", fields, null)
                .text("/value/0/id");

        assertEquals(400, assign(group, "").status());
        assertEquals(400, assign(other, "").status());
        assertEquals(
                400,
                service.post(
                                "/roleManagement/directory/roleAssignments",
                                "{\"principalId\":\"" + other + "\",\"roleDefinitionId\":\""
                                        + AdminRole.REPORTS_READER.templateId() + "\"}")
                        .status());
        assertEquals(
                400,
                service.call(
                                "POST",
                                "/v1.0/groups/" + group + "/members/$ref",
                                fields,
                                "{\"@odata.id\":\"https://api/v1.0/users/" + service.user.id() + "\"}")
                        .status());
        assertEquals(
                404,
                service.api(
                                "PUT",
                                "/applications/" + application + "/connectorGroup/$ref",
                                "{\"@odata.id\":\"https://api/v1.0" + Installation.PROFILE + "/connectorGroups/"
                                        + connectors + "\"}")
                        .status());
        assertEquals(
                409,
                service.call(
                                "POST",
                                "/v1.0/applications",
                                fields,
                                "{\"displayName\":\"theirs\",\"onPremisesPublishing\":{\"internalUrl\":\"http://x.corp/\","
                                        + "\"externalUrl\":\"https://wiki-contoso.postern.localhost/\"}}")
                        .status());
    }
}
