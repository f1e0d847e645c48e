package io.postern.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.fixtures.FakeClock;
import io.postern.store.RevocationStore;
import io.postern.store.RoleStore;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
    private static final PasswordHash HASHES = new PasswordHash();
    private static final Secret PASSWORD = Secret.of("a quiet gate at dusk");

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T08:00:00Z"));
    private final Tenant tenant =
            new Tenant(TenantId.random(), "contoso", "Contoso", "contoso.example", clock.instant());
    private Store store;
    private Accounts accounts;

    @BeforeEach
    void open() {
        store = SqlStore.open(new DatabaseAddress.Sqlite(folder.resolve("postern.db")));
        store.write(s -> {
            s.tenants().insert(tenant);
            return tenant;
        });
        accounts = new Accounts(store, HASHES, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Outcome<User> create(String name) {
        return accounts.create(tenant.id(), Accounts.Draft.of(name, "B. Simon", PASSWORD), Actor.service());
    }

    private User made(String name) {
        return create(name) instanceof Outcome.Done<User>(User user) ? user : org.junit.jupiter.api.Assertions.fail();
    }

    @Test
    void keepsTheCanonicalNameAndAHashOnly() {
        User user = made("B.Simon@Contoso.example");

        assertEquals("b.simon@contoso.example", user.userPrincipalName());
        assertTrue(user.passwordHash().orElse("").startsWith("$argon2id$"));
        assertEquals(1, store.read(s -> s.audit().list(tenant.id(), 5)).size());
    }

    @Test
    void refusesASecondUserOfTheNameWhateverItsCase() {
        create("b.simon@contoso.example");

        assertInstanceOf(Outcome.Conflict.class, create("B.SIMON@contoso.example"));
    }

    @Test
    void namesEveryFaultOfADraft() {
        var draft = Accounts.Draft.of("b.simon@other.example", " ", Secret.of("short"));

        var outcome = accounts.create(tenant.id(), draft, Actor.service());

        List<String> fields = outcome instanceof Outcome.Invalid<User> invalid
                ? invalid.violations().stream().map(Outcome.Violation::field).toList()
                : List.of();
        assertEquals(List.of("userPrincipalName", "displayName", "passwordProfile.password"), fields);
    }

    @Test
    void grantsTheRoleInTheSameStep() {
        var draft = Accounts.Draft.of("root@contoso.example", "Root", PASSWORD).asAdministrator();

        accounts.create(tenant.id(), draft, Actor.service());

        assertEquals(
                1,
                store.read(s -> s.roles().holders(tenant.id(), RoleStore.GLOBAL_ADMINISTRATOR))
                        .size());
    }

    @Test
    void endsSessionsAndVoidsProofsWhenThePasswordChanges() { // CAE-1
        User user = made("b.simon@contoso.example");
        store.write(s -> {
            s.sessions()
                    .insert(new SessionStore.Row(
                            tenant.id(),
                            SessionId.random(),
                            user.id(),
                            "hash",
                            clock.instant(),
                            clock.instant(),
                            clock.instant().plus(Duration.ofHours(24)),
                            false,
                            "192.0.2.1",
                            "test",
                            Set.of("pwd"),
                            Optional.empty(),
                            ""));
            return user;
        });
        clock.advance(Duration.ofMinutes(5));
        long version = store.version();

        accounts.setPassword(tenant.id(), user.id(), Secret.of("another quiet gate"), true, Actor.service());

        User after = store.read(s -> s.users().find(tenant.id(), user.id()).orElseThrow());
        assertEquals(clock.instant(), after.sessionsValidFrom());
        assertTrue(after.forceChangePassword());
        assertTrue(store.read(s -> s.sessions().of(tenant.id(), user.id())).isEmpty());
        assertEquals(
                clock.instant(),
                store.read(s -> s.revocations().users()).getFirst().notBefore());
        assertTrue(store.version() > version);
    }

    @Test
    void cutsOffForEverAndLetsInAgain() {
        User user = made("b.simon@contoso.example");

        store.write(s -> {
            Accounts.cutOff(s, tenant.id(), user.id(), clock.instant());
            return user;
        });
        Instant cut = store.read(s -> s.revocations().users()).getFirst().notBefore();
        clock.advance(Duration.ofMinutes(5));
        store.write(s -> {
            Accounts.letIn(s, tenant.id(), user.id(), clock.instant());
            return user;
        });
        Instant again = store.read(s -> s.revocations().users()).getFirst().notBefore();

        assertEquals(RevocationStore.FOREVER, cut);
        assertEquals(clock.instant(), again);
    }
}
