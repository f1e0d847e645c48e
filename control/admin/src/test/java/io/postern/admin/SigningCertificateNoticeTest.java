package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tidings of signing certificates that come to their end (3.4.2).
class SigningCertificateNoticeTest {
    @TempDir
    Path folder;

    @Test
    void tellsOnceAt60And30And7DaysAndAtTheEndWithTheAddresses() {
        var clock = new FakeClock(Instant.now());
        try (var service = new Installation(folder, clock)) {
            String path = "/servicePrincipals/"
                    + service.post(
                                    "/applicationTemplates/non-gallery-saml/instantiate",
                                    "{\"parameters\":{\"entity-id\":\"urn:a\",\"reply-url\":\"https://a.example/acs\"}}")
                            .text("/servicePrincipal/id");
            service.patch(path + "/signOn", "{\"notificationEmailAddresses\":[\"ops@contoso.example\"]}");
            Instant end = Instant.parse(service.get(path + "/signOn").text("/tokenSigningCertificates/0/endDateTime"));

            assertEquals(List.of(), tell(service));
            for (Duration left : List.of(Duration.ofDays(60), Duration.ofDays(30), Duration.ofDays(7), Duration.ZERO)) {
                clock.advance(Duration.between(clock.instant(), end.minus(left)));
                List<String> told = tell(service);
                assertEquals(1, told.size(), left.toString());
                assertTrue(told.getFirst().contains("postern app sso certificate new"), told.getFirst());
                assertEquals(List.of(), tell(service), "once");
            }

            assertEquals(
                    4,
                    service.store.read(stores -> stores.notices().due(clock.instant(), 20)).stream()
                            .filter(notice -> notice.recipient().equals("ops@contoso.example"))
                            .filter(notice -> notice.body().contains("postern app sso certificate new"))
                            .count(),
                    "by mail too");
            assertEquals(
                    4,
                    service.store.read(stores -> stores.audit().list(service.tenant.id(), 20)).stream()
                            .filter(entry ->
                                    "ops@contoso.example".equals(entry.details().get("notificationEmailAddresses")))
                            .count());
        }
    }

    private static List<String> tell(Installation service) {
        return service.administration.services().signOn().watch().tell();
    }
}
