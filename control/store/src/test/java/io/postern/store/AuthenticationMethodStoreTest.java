package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.store.AuthenticationMethod.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class AuthenticationMethodStoreTest extends StoreContract {
    private static AuthenticationMethod method(User user, Kind kind, String credential, Instant created) {
        return new AuthenticationMethod(
                user.tenant(),
                user.id(),
                UUID.randomUUID().toString(),
                kind,
                "Telephone",
                Optional.of(credential).filter(c -> !c.isEmpty()),
                "sealed",
                7,
                Optional.of(created),
                Optional.of(created.plus(Duration.ofDays(1))),
                created,
                Optional.empty(),
                0);
    }

    private static AuthenticationMethod inserted(AuthenticationMethod method) {
        change(s -> s.authenticationMethods().insert(method));
        return read(s -> s.authenticationMethods().of(method.tenant(), method.user())).stream()
                .filter(m -> m.id().equals(method.id()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void keepsEveryPropertyOldestFirstAndForItsUserAlone() {
        Tenant tenant = tenant();
        Tenant elsewhere = tenant();
        User user = user(tenant, "kept");
        User other = user(tenant, "other");
        var passkey = method(user, Kind.PASSKEY, "cred-" + UUID.randomUUID(), NOW.plusSeconds(1));
        var totp = method(user, Kind.TOTP, "", NOW);
        inserted(passkey);
        inserted(totp);

        assertEquals(List.of(totp, passkey), read(s -> s.authenticationMethods().of(tenant.id(), user.id())));
        assertEquals(List.of(), read(s -> s.authenticationMethods().of(tenant.id(), other.id())));
        assertEquals(List.of(), read(s -> s.authenticationMethods().of(elsewhere.id(), user.id())));
        assertEquals(
                Optional.of(passkey),
                read(s -> s.authenticationMethods()
                        .findByCredential(passkey.credential().orElseThrow())));
        assertEquals(Optional.empty(), read(s -> s.authenticationMethods().findByCredential("nobody's")));
    }

    @Test
    void aPasskeyIsOneUsersAlone() {
        User user = user(tenant(), "first");
        User other = user(tenant(), "second");
        String credential = "cred-" + UUID.randomUUID();
        inserted(method(user, Kind.PASSKEY, credential, NOW));

        assertThrows(
                DuplicateKey.class,
                () -> change(s -> s.authenticationMethods().insert(method(other, Kind.PASSKEY, credential, NOW))));
    }

    @Test
    void aUseCountsForWhoReadItLastAlone() {
        var read = inserted(method(user(tenant(), "used"), Kind.TOTP, "", NOW));

        boolean first = write(s -> s.authenticationMethods().replace(read.used(NOW, 8, "next")));
        boolean second = write(s -> s.authenticationMethods().replace(read.used(NOW, 9, "other")));

        assertTrue(first);
        assertFalse(second, "what was read before the first use is stale");
        var now = read(s -> s.authenticationMethods().of(read.tenant(), read.user()))
                .getFirst();
        assertEquals(8, now.counter());
        assertEquals("next", now.secret());
        assertEquals(Optional.of(NOW), now.lastUsed());
        assertTrue(now.version() > read.version());
        assertTrue(write(s -> s.authenticationMethods().replace(now.named("Renamed"))));
        assertEquals(
                "Renamed",
                read(s -> s.authenticationMethods().of(read.tenant(), read.user()))
                        .getFirst()
                        .name());
    }

    /// A code typed into two browsers at once.
    @Test
    void ofManyUsesAtOnceOneCounts() throws Exception {
        var read = inserted(method(user(tenant(), "raced"), Kind.RECOVERY_CODES, "", NOW));
        Callable<Boolean> use = () -> write(s -> s.authenticationMethods().replace(read.used(NOW, 6, "left")));
        int won = 0;
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> result : threads.invokeAll(java.util.Collections.nCopies(8, use))) {
                won += result.get() ? 1 : 0;
            }
        }

        assertEquals(1, won);
    }

    @Test
    void goesByItsOwnerOrByItsTimeOrWithItsUser() {
        User user = user(tenant(), "gone");
        User other = user(tenant(), "stranger");
        var deleted = inserted(method(user, Kind.TOTP, "", NOW));
        var expired = inserted(method(user, Kind.TEMPORARY_PASS, "", NOW.minus(Duration.ofDays(2))));
        var kept = inserted(method(user, Kind.PASSKEY, "cred-" + UUID.randomUUID(), NOW));

        assertFalse(write(s -> s.authenticationMethods().delete(other.tenant(), other.id(), deleted.id())));
        assertTrue(write(s -> s.authenticationMethods().delete(user.tenant(), user.id(), deleted.id())));
        assertFalse(write(s -> s.authenticationMethods().delete(user.tenant(), user.id(), deleted.id())));
        assertTrue(write(s -> s.authenticationMethods().purge(NOW)) >= 1);
        List<String> left = read(s -> s.authenticationMethods().of(user.tenant(), user.id())).stream()
                .map(AuthenticationMethod::id)
                .toList();
        assertEquals(List.of(kept.id()), left, "without " + expired.id());

        assertTrue(write(s -> s.users().delete(user.tenant(), user.id())));
        assertEquals(List.of(), read(s -> s.authenticationMethods().of(user.tenant(), user.id())));
    }
}
