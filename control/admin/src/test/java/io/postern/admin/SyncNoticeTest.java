package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.directory.AdminRole;
import io.postern.store.Notice;
import io.postern.store.User;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// SYN-13: administrators are told by mail of what does not go well, and not more often than they can bear.
class SyncNoticeTest extends SyncSite {
    @BeforeEach
    void administrator() {
        User administrator = service.holder(AdminRole.HYBRID_IDENTITY_ADMINISTRATOR);
        service.patch("/users/" + administrator.id(), "{\"mail\":\"ops@contoso.example\"}");
        User reader = service.holder(AdminRole.GLOBAL_READER);
        service.patch("/users/" + reader.id(), "{\"mail\":\"reader@contoso.example\"}");
    }

    private List<Notice> mail() {
        return service.store.read(stores -> stores.notices().due(clock.instant(), 100)).stream()
                .sorted(Comparator.comparing(Notice::created))
                .toList();
    }

    private void fail() {
        String job = directory.ask().json().path("job").path("id").asString();
        directory.call(
                "end",
                "{\"job\":\"" + job + "\",\"outcome\":\"failed\",\"error\":{\"code\":\"bind-refused\","
                        + "\"message\":\"the password of 'reader' is wrong\",\"remedy\":\"write another one\"}}");
    }

    @Test
    void aFailedCycleIsToldOnceADay() {
        fail();
        assertEquals(
                List.of("ops@contoso.example"),
                mail().stream().map(Notice::recipient).toList());
        assertEquals("Synchronisation of corp failed", mail().getFirst().subject());
        assertTrue(mail().getFirst().body().contains("the password of 'reader' is wrong"));
        assertTrue(mail().getFirst().body().contains("What to do: write another one"));

        clock.advance(Duration.ofMinutes(5));
        fail();
        clock.advance(Duration.ofDays(1));
        fail();
        assertEquals(2, mail().size());
    }

    @Test
    void aStopAtTheLimitOfDeletionsSaysWhatToType() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        ObjectNode bob = directory.user(2, "bob", STAFF);
        directory.cycle();
        directory.remove(alice);
        directory.remove(bob);
        later();
        directory.cycle();

        assertEquals(1, mail().size());
        assertTrue(
                mail().getFirst().body().contains("postern sync now corp --allow-deletions 2"),
                mail().getFirst().body());
    }

    @Test
    void objectsWithErrorsAreToldTogetherAndAgainOnlyWhenOthersAreAmongThem() {
        ObjectNode one = directory.user(1, "one", STAFF);
        directory.change(one, "userPrincipalName", "no name@corp.test");
        ObjectNode two = directory.user(2, "two", STAFF);
        directory.change(two, "userPrincipalName", "nor this@corp.test");
        directory.cycle();
        assertEquals(1, mail().size());
        assertEquals(
                "Synchronisation of corp: 2 objects with errors",
                mail().getFirst().subject());
        assertTrue(mail().getFirst().body().contains("- CN=one," + STAFF + ": 'no name@corp.test' of "));

        clock.advance(Duration.ofDays(2));
        directory.cycle();
        assertEquals(1, mail().size()); // the same two
        clock.advance(Duration.ofDays(2));
        directory.change(directory.user(3, "three", STAFF), "userPrincipalName", "nor that@corp.test");
        directory.cycle();
        assertEquals(2, mail().size());
    }

    @Test
    void aDirectoryThatNobodyReadsIsToldOnce() {
        directory.cycle();
        clock.advance(Duration.ofMinutes(119)); // the next cycle was due after 30, and three more may be missed
        assertEquals(0, service.administration.services().synchronisation().tellLate());

        clock.advance(Duration.ofMinutes(2));
        assertEquals(1, service.administration.services().synchronisation().tellLate());
        service.administration.services().synchronisation().tellLate();
        assertEquals(1, mail().size());
        assertEquals("Nobody reads the directory corp", mail().getFirst().subject());
        assertTrue(mail().getFirst().body().contains("no connector of the group Default has begun"));

        directory.cycle();
        assertEquals(0, service.administration.services().synchronisation().tellLate());
        service.patch("/sync/sources/" + source, "{\"isEnabled\":false}");
        clock.advance(Duration.ofDays(1));
        assertEquals(0, service.administration.services().synchronisation().tellLate());
    }
}
