package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.directory.AdminRole;
import io.postern.store.User;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who registers an application without a role over all of them owns it (4.8). Which routes an owner may call is
/// RouteAccessTest's.
class OwnersTest {
    @TempDir
    Path folder;

    private Installation service;
    private User developer;
    private User colleague;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        developer = service.holder(AdminRole.APPLICATION_DEVELOPER);
        colleague = service.holder(AdminRole.APPLICATION_DEVELOPER);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Response as(User who, String verb, String path, @Nullable String body) {
        return service.call(verb, "/v1.0" + path, Map.of("Authorization", "Bearer " + service.accessToken(who)), body);
    }

    private Response registered(User by) {
        Response made = as(by, "POST", "/applications", "{\"displayName\":\"wiki\"}");
        assertEquals(201, made.status(), made.raw().body());
        return made;
    }

    private static String reference(User user) {
        return "{\"@odata.id\":\"https://graph.microsoft.com/v1.0/directoryObjects/" + user.id() + "\"}";
    }

    private static String appId(Response application) {
        return "{\"appId\":\"" + application.text("/appId") + "\"}";
    }

    @Test
    void aDeveloperOwnsWhatHeRegistersAndNothingElse() {
        Response application = registered(developer);
        String path = "/applications/" + application.text("/id");

        assertEquals(
                developer.id().value(),
                as(colleague, "GET", path + "/owners", null).text("/value/0/id"),
                "whom a colleague may ask");
        Response audit = service.get("/auditLogs/directoryAudits?$top=1");
        assertEquals("Add application", audit.text("/value/0/activityDisplayName"));
        assertTrue(audit.raw().body().contains("\"owner\""), audit.raw().body());

        assertEquals(
                403, as(colleague, "PATCH", path, "{\"displayName\":\"mine\"}").status());
        assertEquals(
                403,
                as(colleague, "POST", "/servicePrincipals", appId(application)).status());
        Response principal = as(developer, "POST", "/servicePrincipals", appId(application));
        assertEquals(201, principal.status(), principal.raw().body());
        String signOn = "/servicePrincipals/" + principal.text("/id") + "/signOn";
        assertEquals(
                204,
                as(developer, "PATCH", signOn, "{\"loginUrl\":\"https://x.example/\"}")
                        .status());
        assertEquals(
                403,
                as(colleague, "PATCH", signOn, "{\"loginUrl\":\"https://y.example/\"}")
                        .status());
        assertEquals(
                204, as(developer, "PATCH", path, "{\"displayName\":\"book\"}").status());
        assertEquals(
                403,
                as(developer, "PATCH", path, "{\"onPremisesPublishing\":{\"internalUrl\":\"http://a.corp/\"}}")
                        .status(),
                "publishing is the proxy's administrators'");
        assertEquals(204, as(developer, "DELETE", path, null).status());
    }

    @Test
    void whoMayChangeAllOfThemAnywayBecomesNoOwner() {
        Response application = registered(service.holder(AdminRole.CLOUD_APPLICATION_ADMINISTRATOR));

        assertEquals(
                0,
                service.get("/applications/" + application.text("/id") + "/owners")
                        .json()
                        .path("value")
                        .size());
    }

    @Test
    void ownersTakeOthersInAndLetThemGo() {
        String path = "/applications/" + registered(developer).text("/id");
        String owners = path + "/owners";

        assertEquals(
                403,
                as(colleague, "POST", owners + "/$ref", reference(colleague)).status());
        assertEquals(
                204,
                as(developer, "POST", owners + "/$ref", reference(colleague)).status());
        assertEquals(
                409,
                as(developer, "POST", owners + "/$ref", reference(colleague)).status(),
                "already");
        assertEquals(
                204, as(colleague, "PATCH", path, "{\"displayName\":\"ours\"}").status());
        assertEquals(
                204,
                as(colleague, "DELETE", owners + "/" + developer.id() + "/$ref", null)
                        .status());
        assertEquals(
                403, as(developer, "PATCH", path, "{\"displayName\":\"mine\"}").status());
        assertEquals(
                404, service.delete(owners + "/" + developer.id() + "/$ref").status(), "he is none any more");
        Response left = service.get("/auditLogs/directoryAudits?$top=1");
        assertEquals("Remove owner from application", left.text("/value/0/activityDisplayName"));
        assertTrue(
                left.raw().body().contains(developer.userPrincipalName()),
                left.raw().body());
    }

    /// Otherwise an owner could sign in as something mightier than he is.
    @Test
    void anOwnerMakesNoCredentialsForAServicePrincipalThatHoldsARole() {
        Response application = registered(developer);
        Response principal = as(developer, "POST", "/servicePrincipals", appId(application));
        String passwords = "/applications/" + application.text("/id") + "/addPassword";
        assertEquals(201, as(developer, "POST", passwords, "{}").status());

        service.store.write(stores -> {
            stores.roles().grant(service.tenant.id(), principal.text("/id"), AdminRole.USER_ADMINISTRATOR.templateId());
            return true;
        });

        assertEquals(403, as(developer, "POST", passwords, "{}").status());
    }

    @Test
    void anOwnerWithoutARoleLearnsNothingOfUsersByThePreview() {
        Response application = registered(developer);
        String principal =
                as(developer, "POST", "/servicePrincipals", appId(application)).text("/id");
        service.store.write(stores -> {
            stores.roles()
                    .revoke(service.tenant.id(), developer.id().value(), AdminRole.APPLICATION_DEVELOPER.templateId());
            return true;
        });
        String user = "{\"user\":\"" + service.user.id() + "\"}";

        for (String action : new String[] {"preview", "test"}) {
            Response refused = as(developer, "POST", "/servicePrincipals/" + principal + "/signOn/" + action, user);
            assertEquals(403, refused.status(), action);
            assertFalse(refused.raw().body().contains(service.user.userPrincipalName()));
        }
    }

    @Test
    void aDeletedUserOwnsNothing() {
        String path = "/applications/" + registered(developer).text("/id");

        assertEquals(204, service.delete("/users/" + developer.id()).status());

        assertEquals(0, service.get(path + "/owners").json().path("value").size());
    }
}
