package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.TenantSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What holds for all applications: limits and the look of error pages.
class TenantSettingsTest {
    @TempDir
    Path folder;

    private Installation service;

    @BeforeEach
    void open() {
        service = new Installation(folder);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Response set(String json) {
        return service.patch("/organization/" + service.tenant.id(), json);
    }

    private TenantSettings inForce() {
        return service.administration
                .snapshots()
                .current()
                .tenantSettings()
                .getOrDefault(service.tenant.id(), TenantSettings.DEFAULT);
    }

    @Test
    void reachTheDataPlaneAndStayUntilCleared() {
        assertEquals(
                204,
                set("{\"requestsPerSecondMax\":750,\"brandName\":\"Contoso\",\"brandColour\":\"#FFD54F\"}")
                        .status());
        assertEquals(Optional.of(750), inForce().requestsPerSecondMax());
        assertEquals(Optional.of("#ffd54f"), inForce().branding().colour());

        assertEquals(
                204,
                set("{\"applicationRequestsPerSecondMax\":500,\"brandColour\":null}")
                        .status());
        assertEquals(Optional.of(750), inForce().requestsPerSecondMax());
        assertEquals(Optional.of(500), inForce().applicationRequestsPerSecondMax());
        assertEquals(Optional.empty(), inForce().branding().colour());
        assertEquals("Contoso", service.get("/organization").text("/value/0/brandName"));
    }

    @Test
    void theLanguageOfPagesIsOneOfThem() {
        assertEquals(204, set("{\"preferredLanguage\":\"de\"}").status());
        assertEquals("de", service.get("/organization").text("/value/0/preferredLanguage"));
        assertEquals(Optional.of("de"), inForce().language());
        assertEquals(204, set("{\"mfaRequiredFor\":\"everybody\"}").status());
        assertEquals(Optional.of("de"), inForce().language(), "stays with the sign-in settings beside it");
        assertTrue(
                service.get("/auditLogs/directoryAudits").raw().body().contains("language"),
                "the log says what changed");

        assertEquals(204, set("{\"preferredLanguage\":null}").status());
        assertEquals(Optional.empty(), inForce().language());
    }

    @Test
    void areRefusedWithWhatIsWrong() {
        Response limit = set("{\"requestsPerSecondMax\":0}");
        assertEquals(400, limit.status());
        assertTrue(
                limit.raw().body().contains("requestsPerSecondMax must be 1 at least"),
                limit.raw().body());
        Response colour = set("{\"brandColour\":\"red\"}");
        assertEquals(400, colour.status());
        assertTrue(
                colour.raw().body().contains("six hexadecimal digits"),
                colour.raw().body());
        Response language = set("{\"preferredLanguage\":\"fr\"}");
        assertEquals(400, language.status());
        assertTrue(
                language.raw().body().contains("use en or de"), language.raw().body());
        Response logo = set("{\"brandLogo\":\"PHN2Zy8+\"}");
        assertEquals(400, logo.status());
        assertTrue(
                logo.raw().body().contains("no PNG, JPEG, GIF or WebP"),
                logo.raw().body());
    }

    @Test
    void standInTheAuditLog() {
        set("{\"requestsPerSecondMax\":7}");
        String audit = service.get("/auditLogs/directoryAudits?$top=1").raw().body();
        assertTrue(audit.contains("Set company information") && audit.contains("\"7\""), audit);
    }

    @Test
    void ofSignInAreTheSecurityAdministratorsTooAndOthersAreNot() {
        String security = holder(AdminRole.SECURITY_ADMINISTRATOR);
        String signIn = "{\"mfaRequiredFor\":\"administrators\",\"mfaRegistration\":true,"
                + "\"askToStaySignedIn\":false,\"passwordValidityDays\":90}";

        assertEquals(204, as(security, signIn).status());
        assertEquals(403, as(security, "{\"requestsPerSecondMax\":1}").status());
        assertEquals(
                403,
                as(security, "{\"mfaRequiredFor\":\"nobody\",\"brandName\":\"Mine\"}")
                        .status());
        assertEquals(403, as(holder(AdminRole.SECURITY_READER), signIn).status(), "it reads, and changes nothing");

        assertEquals(90, inForce().signIn().passwordDays().orElseThrow());
        assertEquals(SignInSettings.MfaNeed.ADMINISTRATORS, inForce().signIn().mfa());
        assertEquals(Optional.empty(), inForce().requestsPerSecondMax());
        assertEquals(Optional.empty(), inForce().branding().name());
    }

    @Test
    void thatStayAsTheyAreAreNoChange() {
        set("{\"requestsPerSecondMax\":7}");
        int before = audits();
        set("{\"requestsPerSecondMax\":7}");

        assertEquals(before, audits());
    }

    private int audits() {
        return service.store
                .read(stores -> stores.audit().list(service.tenant.id(), 1_000))
                .size();
    }

    private Response as(String token, String json) {
        return service.call(
                "PATCH", "/v1.0/organization/" + service.tenant.id(), Map.of("Authorization", "Bearer " + token), json);
    }

    private String holder(AdminRole role) {
        service.store.write(stores -> {
            stores.roles().grant(service.tenant.id(), service.user.id().value(), role.templateId());
            AdminRole.inOrder().stream()
                    .filter(other -> other != role)
                    .forEach(other -> stores.roles()
                            .revoke(service.tenant.id(), service.user.id().value(), other.templateId()));
            return true;
        });
        return service.accessToken(service.user);
    }
}
