package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Revocations;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.RequestHead;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A change counts from the next request on, whatever a loop remembers of cookies (authentik
/// CVE-2025-29928, Pomerium CVE-2021-41230): expiry is checked on read, not by a clean-up job.
class StaleSnapshotTest {
    private final Gate gate = new Gate();
    private final String cookie = gate.signIn();

    private RequestHead request() {
        return Requests.head("GET", "/", "cookie", cookie);
    }

    private int refused() {
        return gate.answer(request()).status();
    }

    private void seenBefore() {
        gate.admitted(request());
        gate.admitted(request());
    }

    private void application(Set<io.postern.domain.UserId> assigned, boolean enabled) {
        PublishedApplication w = gate.wiki;
        gate.applications.set(
                0,
                new PublishedApplication(
                        w.tenant(),
                        w.appId(),
                        w.displayName(),
                        w.externalUrl(),
                        w.publishing(),
                        w.upstream(),
                        w.preAuthentication(),
                        true,
                        assigned,
                        enabled));
    }

    @Test
    void endedSessionIsRefused() {
        seenBefore();
        gate.revocations = new Revocations(Set.of(gate.session), Map.of());
        assertEquals(401, refused());
    }

    @Test
    void disabledUserIsRefused() {
        seenBefore();
        gate.revoke(gate.user, java.time.Instant.MAX);
        assertEquals(401, refused());
    }

    @Test
    void proofOlderThanAPasswordChangeIsRefused() {
        seenBefore();
        gate.revoke(gate.user, gate.now.minusSeconds(59));
        assertEquals(401, refused());
    }

    @Test
    void proofYoungerThanARevocationStays() {
        gate.revoke(gate.user, gate.now.minusSeconds(60));
        gate.admitted(request());
    }

    @Test
    void removedAssignmentIsForbiddenAndComesBackWithIt() {
        seenBefore();
        application(Set.of(), true);
        assertEquals(403, refused());
        application(Set.of(gate.user), true);
        gate.admitted(request());
    }

    @Test
    void disabledApplicationIsForbidden() {
        seenBefore();
        application(Set.of(gate.user), false);
        assertEquals(403, refused());
    }

    @Test
    void expiredSessionIsRefused() {
        seenBefore();
        gate.now = gate.now.plusSeconds(3600);
        assertEquals(401, refused());
    }

    @Test
    void deletedApplicationIsNowhere() {
        seenBefore();
        gate.applications.clear();
        assertEquals(404, refused());
    }
}
