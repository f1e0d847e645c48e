package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.directory.AdminRole;
import io.postern.fixtures.FakeClock;
import io.postern.store.Alert;
import io.postern.store.Notice;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is told of what endangers users, and of what fails (NTC-3).
class AlertsTest {
    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.now());
    private Installation service;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
        mailbox(AdminRole.SECURITY_ADMINISTRATOR, "security");
        mailbox(AdminRole.APPLICATION_ADMINISTRATOR, "applications");
        mailbox(AdminRole.SECURITY_READER, "reader");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private void mailbox(AdminRole role, String name) {
        User holder = service.holder(role);
        assertEquals(
                204,
                service.patch("/users/" + holder.id(), "{\"mail\":\"" + name + "@contoso.example\"}")
                        .status());
    }

    /// As the sign-in service does it.
    private void disowned(String signIn) {
        Alert alert = Alert.of(
                service.tenant.id(),
                Alert.DISOWNED,
                Alert.DISOWNED + ":" + signIn,
                clock.instant(),
                "b.simon@contoso.example",
                "2026-11-22T08:00:00Z",
                "198.51.100.7",
                "Safari 18.2, iOS",
                "wiki");
        service.store.write(stores -> stores.alerts().put(alert, false));
    }

    private int work() {
        return service.administration.services().alerts().work();
    }

    private Set<String> told() {
        return mail().stream().map(Notice::recipient).collect(Collectors.toSet());
    }

    private List<Notice> mail() {
        return service.store.read(stores -> stores.notices().due(clock.instant(), 100));
    }

    private Response told(String property, String addresses) {
        return service.patch("/organization/" + service.tenant.id(), "{\"" + property + "\":" + addresses + "}");
    }

    @Test
    void whoLooksAfterSecurityLearnsOnceOfASignInThatWasSomebodyElse() {
        disowned("s1");

        assertEquals(1, work());
        assertEquals(0, work(), "once");

        assertEquals(Set.of("security@contoso.example"), told());
        Notice notice = mail().getFirst();
        assertTrue(notice.subject().contains("b.simon@contoso.example"), notice.subject());
        for (String fact : List.of("198.51.100.7", "Safari 18.2", "wiki", "postern audit signins --user")) {
            assertTrue(notice.body().contains(fact), notice.body());
        }
    }

    @Test
    void theTenantNamesWhoIsTold() {
        assertEquals(
                204,
                told("securityComplianceNotificationMails", "[\"soc@contoso.example\",\"ciso@contoso.example\"]")
                        .status());
        disowned("s2");
        work();

        assertEquals(Set.of("soc@contoso.example", "ciso@contoso.example"), told());
        assertEquals(
                "soc@contoso.example",
                service.get("/organization").text("/value/0/securityComplianceNotificationMails/0"));
        assertTrue(
                service.get("/auditLogs/directoryAudits?$top=3").raw().body().contains("notificationMails.security"),
                "the log says what changed");

        told("securityComplianceNotificationMails", "[]");
        disowned("s3");
        work();
        assertTrue(told().contains("security@contoso.example"), "the roles again");
    }

    @Test
    void whatIsNoAddressIsRefusedAndChangesNothing() {
        for (String wrong : List.of("[\"nobody\"]", "[\"a@b.example\\r\\nBcc: x@y.example\"]", "[7]")) {
            assertEquals(400, told("technicalNotificationMails", wrong).status(), wrong);
        }
        String eleven = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).stream()
                .map(i -> "\"a" + i + "@b.example\"")
                .collect(Collectors.joining(",", "[", "]"));
        assertEquals(400, told("technicalNotificationMails", eleven).status());
        assertEquals(
                "[]",
                service.get("/organization")
                        .json()
                        .at("/value/0/technicalNotificationMails")
                        .toString());
    }
}
