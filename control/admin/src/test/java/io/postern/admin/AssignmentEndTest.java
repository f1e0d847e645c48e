package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.fixtures.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the audit log tells of assignments that end by themselves (ASG-2).
class AssignmentEndTest {
    @TempDir
    Path folder;

    @Test
    void tellsOfTheEndOnceAndNotBefore() {
        var clock = new FakeClock(Instant.now());
        try (var service = new Installation(folder, clock)) {
            Instant end = clock.instant().plus(Duration.ofHours(2));
            String path = "/servicePrincipals/"
                    + service.post(
                                    "/applicationTemplates/non-gallery-saml/instantiate",
                                    "{\"parameters\":{\"entity-id\":\"urn:a\",\"reply-url\":\"https://a.example/acs\"}}")
                            .text("/servicePrincipal/id");
            String group =
                    service.post("/groups", "{\"displayName\":\"Auditors\"}").text("/id");
            service.post(
                    path + "/appRoleAssignedTo",
                    "{\"principalId\":\"%s\",\"endDateTime\":\"%s\",\"reason\":\"audit of 2026\"}"
                            .formatted(group, end));

            assertEquals(0, tell(service));
            clock.advance(Duration.ofHours(2));
            assertEquals(1, tell(service));
            assertEquals(0, tell(service), "once");
            var other = service.node("other");
            assertEquals(0, other.services().assignmentWatch().tell(), "by whichever node");

            List<String> told = service.store.read(stores -> stores.audit().list(service.tenant.id(), 20)).stream()
                    .filter(entry -> entry.activity().equals("App role assignment ended"))
                    .map(entry -> entry.details().get("principal") + ": "
                            + entry.details().get("reason"))
                    .toList();
            assertEquals(List.of("Auditors: audit of 2026"), told);
        }
    }

    private static int tell(Installation service) {
        return service.administration.services().assignmentWatch().tell();
    }
}
