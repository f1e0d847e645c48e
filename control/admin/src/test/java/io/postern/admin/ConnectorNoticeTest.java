package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.service.ConnectorWatch;
import io.postern.domain.ConnectorId;
import io.postern.domain.directory.AdminRole;
import io.postern.fixtures.FakeClock;
import io.postern.store.Connector;
import io.postern.store.Notice;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail about connectors that are away.
class ConnectorNoticeTest {
    @TempDir
    Path folder;

    private static List<Notice> mail(Installation service, FakeClock clock) {
        return service.store.read(stores -> stores.notices().due(clock.instant(), 10));
    }

    @Test
    void tellsAdministratorsOnceForEachAbsence() {
        var clock = new FakeClock(Instant.now());
        try (var service = new Installation(folder, clock)) {
            User administrator = service.holder(AdminRole.APPLICATION_ADMINISTRATOR);
            User reader = service.holder(AdminRole.GLOBAL_READER);
            service.patch("/users/" + administrator.id(), "{\"mail\":\"ops@contoso.example\"}");
            service.patch("/users/" + reader.id(), "{\"mail\":\"reader@contoso.example\"}");
            ConnectorId id = ConnectorId.random();
            service.store.write(stores -> {
                stores.connectors()
                        .insert(new Connector(
                                service.tenant.id(),
                                id,
                                stores.connectorGroups()
                                        .defaultGroup(service.tenant.id())
                                        .id(),
                                "plant-7",
                                Optional.empty(),
                                "1.0",
                                "f",
                                clock.instant().plus(Duration.ofDays(9)),
                                clock.instant(),
                                Optional.of(clock.instant()),
                                true,
                                Optional.empty()));
                return true;
            });
            ConnectorWatch watch = service.administration.services().connectorWatch();
            assertEquals(0, watch.tell());
            clock.advance(Duration.ofMinutes(16));
            assertEquals(1, watch.tell());
            watch.tell();
            List<Notice> told = mail(service, clock);
            assertEquals(
                    List.of("ops@contoso.example"),
                    told.stream().map(Notice::recipient).toList());
            assertTrue(
                    told.getFirst().subject().contains("plant-7"),
                    told.getFirst().subject());
            assertTrue(
                    told.getFirst().body().contains("postern connector status"),
                    told.getFirst().body());

            Instant back = clock.instant();
            service.store.write(stores -> {
                stores.connectors().seen(id, back, "192.0.2.7", "plant-7", "1.0");
                return true;
            });
            assertEquals(0, watch.tell());
            clock.advance(Duration.ofMinutes(16));
            assertEquals(1, watch.tell());
            assertEquals(2, mail(service, clock).size(), "another absence");
        }
    }
}
