package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What sign-in keeps: sessions, codes, keys, credentials, revocations, failures.
class IdentityStoresTest extends StoreContract {
    @Nested
    class Sessions {
        @Test
        void findsTouchesAndDeletes() {
            User user = user(tenant(), "u");
            SessionStore.Row session = session(user, NOW.plusSeconds(60));
            Instant later = NOW.plusSeconds(100);

            assertEquals(Optional.of(session), read(s -> s.sessions().findByHash(session.secretHash())));
            assertTrue(write(s -> s.sessions().touch(session.id(), NOW.plusSeconds(1), later)));
            var touched =
                    read(s -> s.sessions().findByHash(session.secretHash())).orElseThrow();
            assertEquals(NOW.plusSeconds(1), touched.lastUsed());
            assertEquals(later, touched.expires());
            assertEquals(List.of(touched), read(s -> s.sessions().of(user.tenant(), user.id())));
            assertFalse(write(s -> s.sessions().delete(TenantId.random(), session.id())), "another tenant's session");
        }

        @Test
        void deletesAndPurges() {
            User user = user(tenant(), "u");
            SessionStore.Row ended = session(user, NOW.plusSeconds(60));
            SessionStore.Row expired = session(user, NOW.minusSeconds(1));
            SessionStore.Row alive = session(user, NOW.plusSeconds(60));

            assertTrue(write(s -> s.sessions().delete(user.tenant(), ended.id())));
            assertFalse(write(s -> s.sessions().delete(user.tenant(), ended.id())));
            assertTrue(write(s -> s.sessions().purge(NOW)) >= 1);

            assertTrue(read(s -> s.sessions().findByHash(expired.secretHash())).isEmpty());
            assertEquals(List.of(alive), read(s -> s.sessions().of(user.tenant(), user.id())));
        }

        private SessionStore.Row session(User user, Instant expires) {
            var session = new SessionStore.Row(
                    user.tenant(),
                    SessionId.random(),
                    user.id(),
                    UUID.randomUUID().toString(),
                    NOW,
                    NOW,
                    expires,
                    true,
                    "192.0.2.1",
                    "Mozilla/5.0",
                    Set.of("pwd", "otp", "mfa"),
                    Optional.of(NOW),
                    "Firefox on Windows");
            change(s -> s.sessions().insert(session));
            return session;
        }
    }

    @Nested
    class AuthorizationCodes { // RFC 6749 §4.1.2: single use, and a replay is noticed
        @Test
        void aCodeIsTakenOnceAndAReplayIsNoticed() {
            var code = code(NOW.plusSeconds(60));

            assertFalse(read(s -> s.authorizationCodes().wasTaken(code.codeHash())));
            assertEquals(Optional.of(code), write(s -> s.authorizationCodes().take(code.codeHash(), NOW)));
            assertTrue(write(s -> s.authorizationCodes().take(code.codeHash(), NOW))
                    .isEmpty());
            assertTrue(read(s -> s.authorizationCodes().wasTaken(code.codeHash())));
        }

        @Test
        void anExpiredOrUnknownCodeIsNotTaken() {
            var code = code(NOW);

            assertTrue(write(s -> s.authorizationCodes().take(code.codeHash(), NOW))
                    .isEmpty());
            assertFalse(read(s -> s.authorizationCodes().wasTaken(code.codeHash())));
            assertTrue(write(s -> s.authorizationCodes().take("unknown", NOW)).isEmpty());
            assertFalse(read(s -> s.authorizationCodes().wasTaken("unknown")));
            assertTrue(write(s -> s.authorizationCodes().purge(NOW.plusSeconds(1))) >= 1);
        }

        private AuthorizationCodeStore.Row code(Instant expires) {
            var code = new AuthorizationCodeStore.Row(UUID.randomUUID().toString(), "{\"a\":\"ü\"}", expires);
            change(s -> s.authorizationCodes().insert(code));
            return code;
        }
    }

    @Nested
    class SigningKeys {
        @Test
        void keepsAndRetires() {
            Tenant tenant = tenant();
            var first = new SigningKeyStore.Row(tenant.id(), "k1", "{}", "sealed", NOW, Optional.empty());
            var second = new SigningKeyStore.Row(
                    tenant.id(), "k2", "{}", "sealed", NOW.plusSeconds(1), Optional.of(NOW.plusSeconds(9)));
            change(s -> {
                s.signingKeys().insert(second);
                s.signingKeys().insert(first);
            });

            assertEquals(List.of(first, second), read(s -> s.signingKeys().list(tenant.id())));
            assertTrue(write(s -> s.signingKeys().retire(tenant.id(), "k1", NOW.plusSeconds(5))));
            assertFalse(write(s -> s.signingKeys().retire(tenant.id(), "k3", NOW)));
            assertEquals(
                    Optional.of(NOW.plusSeconds(5)),
                    read(s -> s.signingKeys().list(tenant.id())).getFirst().retires());
            assertTrue(read(s -> s.signingKeys().listAll()).contains(second));
        }
    }

    @Nested
    class ApiCredentials {
        @Test
        void findsByHashAndRevokes() {
            Tenant tenant = tenant();
            ServicePrincipal app = servicePrincipal(tenant, "quickstart");
            var forever =
                    new ApiCredential(tenant.id(), "c1", app.id(), "token", "h1-" + app.id(), NOW, Optional.empty());
            var limited = new ApiCredential(
                    tenant.id(),
                    "c2",
                    app.id(),
                    "token",
                    "h2-" + app.id(),
                    NOW.plusSeconds(1),
                    Optional.of(NOW.plusSeconds(2)));
            change(s -> {
                s.apiCredentials().insert(forever);
                s.apiCredentials().insert(limited);
            });

            assertEquals(Optional.of(limited), read(s -> s.apiCredentials().findByHash(limited.secretHash())));
            assertEquals(List.of(forever, limited), read(s -> s.apiCredentials().of(tenant.id(), app.id())));
            assertTrue(write(s -> s.apiCredentials().delete(tenant.id(), "c1")));
            assertFalse(write(s -> s.apiCredentials().delete(tenant.id(), "c1")));
            assertTrue(read(s -> s.apiCredentials().findByHash(forever.secretHash()))
                    .isEmpty());
        }
    }

    @Nested
    class Revocations {
        @Test
        void aLaterRevocationReplacesAnEarlierOneNeverTheOtherWay() {
            Tenant tenant = tenant();
            UserId user = UserId.random();
            var early = new RevocationStore.UserNotBefore(tenant.id(), user, NOW, NOW.plusSeconds(60));
            var forever = new RevocationStore.UserNotBefore(
                    tenant.id(), user, RevocationStore.FOREVER, RevocationStore.FOREVER);

            change(s -> s.revocations().userNotBefore(early));
            change(s -> s.revocations().userNotBefore(forever));
            change(s -> s.revocations().userNotBefore(early));

            var kept = read(s -> s.revocations().users());
            assertTrue(kept.contains(forever) && !kept.contains(early));
            assertTrue(write(s -> s.revocations().liftUser(tenant.id(), user)));
            assertFalse(write(s -> s.revocations().liftUser(tenant.id(), user)));
        }

        @Test
        void anInstantBeyondTheCalendarIsKeptAsForever() {
            Tenant tenant = tenant();
            UserId user = UserId.random();

            change(s -> s.revocations()
                    .userNotBefore(new RevocationStore.UserNotBefore(tenant.id(), user, Instant.MAX, Instant.MAX)));

            assertTrue(read(s -> s.revocations().users())
                    .contains(new RevocationStore.UserNotBefore(
                            tenant.id(), user, RevocationStore.FOREVER, RevocationStore.FOREVER)));
        }

        @Test
        void endedSessionsAreKeptUntilTheyCannotMatter() {
            Tenant tenant = tenant();
            var ended = new RevocationStore.EndedSession(tenant.id(), SessionId.random(), NOW.plusSeconds(60));
            var sooner = new RevocationStore.EndedSession(tenant.id(), ended.session(), NOW);

            change(s -> s.revocations().endSession(ended));
            change(s -> s.revocations().endSession(sooner));

            assertTrue(read(s -> s.revocations().sessions()).contains(ended));
            change(s -> s.revocations().purge(NOW.plusSeconds(61)));
            assertFalse(read(s -> s.revocations().sessions()).contains(ended));
        }
    }

    @Nested
    class SignInAttempts {
        @Test
        void remembersReplacesAndForgets() {
            String account = UUID.randomUUID() + "@contoso.example";
            var first = new SignInAttemptStore.Row(account, 1, Optional.empty(), List.of(), NOW);
            var second = new SignInAttemptStore.Row(
                    account, 10, Optional.of(NOW.plus(Duration.ofMinutes(1))), List.of("h1", "h2"), NOW.plusSeconds(1));

            assertTrue(read(s -> s.signInAttempts().find(account)).isEmpty());
            change(s -> s.signInAttempts().put(first));
            change(s -> s.signInAttempts().put(second));
            assertEquals(Optional.of(second), read(s -> s.signInAttempts().find(account)));
            change(s -> s.signInAttempts().clear(account));
            assertTrue(read(s -> s.signInAttempts().find(account)).isEmpty());
        }

        @Test
        void purgesAccountsWithoutARecentFailure() {
            String old = UUID.randomUUID().toString();
            String young = UUID.randomUUID().toString();
            change(s -> {
                s.signInAttempts().put(new SignInAttemptStore.Row(old, 1, Optional.empty(), List.of(), NOW));
                s.signInAttempts()
                        .put(new SignInAttemptStore.Row(
                                young, 1, Optional.empty(), List.of(), NOW.plus(Duration.ofDays(20))));
            });

            change(s -> s.purge(NOW.plus(Duration.ofDays(31))));

            assertTrue(read(s -> s.signInAttempts().find(old)).isEmpty());
            assertTrue(read(s -> s.signInAttempts().find(young)).isPresent());
        }
    }
}
