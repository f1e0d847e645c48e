package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.publish.TenantSettings;
import java.nio.file.Path;
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
}
