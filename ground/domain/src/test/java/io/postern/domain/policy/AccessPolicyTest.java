package io.postern.domain.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.AppId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.OwnHost;
import io.postern.domain.PreAuthentication;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.policy.Decision.Challenge;
import io.postern.domain.policy.Decision.Deny;
import io.postern.domain.policy.Decision.Permit;
import io.postern.domain.policy.Decision.Reason;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Revocations;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final TenantId TENANT = TenantId.random();
    private static final UserId USER = UserId.random();
    private static final SessionId SESSION = SessionId.random();

    private final Subject subject = subject(TENANT, USER, NOW.plusSeconds(60));
    private final PublishedApplication assigned = application(PreAuthentication.POSTERN, true, Set.of(USER), true);

    private static Subject subject(TenantId tenant, UserId user, Instant expires) {
        return new Subject(
                tenant, user, "b.simon@contoso.example", Optional.of(SESSION), NOW.minusSeconds(60), expires);
    }

    private static PublishedApplication application(
            PreAuthentication mode, boolean assignmentRequired, Set<UserId> assigned, boolean enabled) {
        return new PublishedApplication(
                TENANT,
                AppId.random(),
                "Wiki",
                ExternalUrl.parse("https://wiki.postern.test/"),
                Optional.empty(),
                new PublishedApplication.Upstream.Local(OwnHost.MYAPPS),
                mode,
                assignmentRequired,
                assigned,
                enabled);
    }

    private static Decision decide(PublishedApplication application, Subject who, Revocations revocations) {
        return AccessPolicy.decide(application, Optional.ofNullable(who), revocations, NOW);
    }

    private static Revocations usersBefore(Instant instant) {
        return new Revocations(Set.of(), Map.of(USER, instant));
    }

    @Test
    void permitsAnAssignedUser() {
        assertEquals(new Permit(), decide(assigned, subject, Revocations.NONE));
    }

    @Test
    void challengesWithoutSubject() {
        assertEquals(new Challenge(Reason.NO_SESSION), decide(assigned, null, Revocations.NONE));
    }

    @Test
    void challengesWhenExpiredToTheSecond() {
        assertEquals(new Challenge(Reason.EXPIRED), decide(assigned, subject(TENANT, USER, NOW), Revocations.NONE));
        assertEquals(new Permit(), decide(assigned, subject(TENANT, USER, NOW.plusNanos(1)), Revocations.NONE));
    }

    @Test
    void challengesWhenTheSessionIsRevoked() {
        var ended = new Revocations(Set.of(SESSION), Map.of());
        assertEquals(new Challenge(Reason.REVOKED), decide(assigned, subject, ended));
    }

    @Test
    void revocationOfAUserVoidsOlderProofsOnly() {
        assertEquals(new Challenge(Reason.REVOKED), decide(assigned, subject, usersBefore(NOW)));
        assertEquals(new Challenge(Reason.REVOKED), decide(assigned, subject, usersBefore(Instant.MAX)));
        assertEquals(new Permit(), decide(assigned, subject, usersBefore(NOW.minusSeconds(60))));
        assertEquals(
                new Permit(),
                decide(assigned, subject, new Revocations(Set.of(SessionId.random()), Map.of(UserId.random(), NOW))));
    }

    @Test
    void userRevocationCoversTokensWithoutSession() {
        var token = new Subject(TENANT, USER, "", Optional.empty(), NOW.minusSeconds(60), NOW.plusSeconds(60));
        assertEquals(new Challenge(Reason.REVOKED), decide(assigned, token, usersBefore(NOW)));
        assertEquals(new Permit(), decide(assigned, token, new Revocations(Set.of(SESSION), Map.of())));
    }

    @Test
    void deniesAnotherTenantsUserEvenWhereNobodyNeedsAssignment() {
        var open = application(PreAuthentication.POSTERN, false, Set.of(), true);
        var foreign = subject(TenantId.random(), USER, NOW.plusSeconds(60));
        assertEquals(new Deny(Reason.WRONG_TENANT), decide(open, foreign, Revocations.NONE));
        assertEquals(new Deny(Reason.WRONG_TENANT), decide(assigned, foreign, Revocations.NONE));
    }

    @Test
    void deniesAnUnassignedUser() {
        var stranger = subject(TENANT, UserId.random(), NOW.plusSeconds(60));
        assertEquals(new Deny(Reason.NOT_ASSIGNED), decide(assigned, stranger, Revocations.NONE)); // ASG-4
    }

    @Test
    void permitsEveryUserOfTheTenantWhereAssignmentIsNotRequired() {
        var open = application(PreAuthentication.POSTERN, false, Set.of(), true);
        assertEquals(new Permit(), decide(open, subject, Revocations.NONE));
        assertEquals(new Challenge(Reason.NO_SESSION), decide(open, null, Revocations.NONE));
    }

    @Test
    void passthroughPermitsAnybody() {
        var open = application(PreAuthentication.PASSTHROUGH, true, Set.of(), true);
        assertEquals(new Permit(), decide(open, null, Revocations.NONE));
    }

    @Test
    void deniesEverybodyWhenDisabled() {
        for (PreAuthentication mode : PreAuthentication.values()) {
            var off = application(mode, true, Set.of(USER), false);
            assertEquals(new Deny(Reason.APPLICATION_DISABLED), decide(off, subject, Revocations.NONE));
            assertEquals(new Deny(Reason.APPLICATION_DISABLED), decide(off, null, Revocations.NONE));
        }
    }
}
