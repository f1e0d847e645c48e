package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UserStoreTest extends StoreContract {
    @Test
    void findsWhatWasInserted() {
        User user = user(tenant(), "b.simon");

        assertEquals(Optional.of(user), read(s -> s.users().find(user.tenant(), user.id())));
    }

    @Test
    void keepsWhatIsAbsentAbsent() {
        Tenant tenant = tenant();
        var bare = new User(
                tenant.id(),
                UserId.random(),
                "bare@" + tenant.domain(),
                "Bare",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                true,
                NOW,
                NOW);
        change(s -> s.users().insert(bare));

        assertEquals(Optional.of(bare), read(s -> s.users().find(tenant.id(), bare.id())));
    }

    @Test
    void findsThePrincipalNameWhateverItsCase() {
        User user = user(tenant(), "B.Simon");
        String name = user.userPrincipalName();

        for (String typed : List.of(name, name.toUpperCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))) {
            assertEquals(Optional.of(user), read(s -> s.users().findByPrincipalName(typed)));
        }
        assertTrue(read(s -> s.users().findByPrincipalName("x" + name)).isEmpty());
    }

    @Test
    void refusesATakenPrincipalNameInAnyCaseAndTenant() {
        User first = user(tenant(), "straße");
        Tenant other = tenant();
        User second = renamed(someone(other, "x"), first.userPrincipalName().toUpperCase(Locale.ROOT));

        var refused =
                assertThrows(DuplicateKey.class, () -> change(s -> s.users().insert(second)));

        assertEquals("userPrincipalName", refused.property());
        assertTrue(read(s -> s.users().count(other.id())) == 0);
    }

    @Test
    void updatesEveryProperty() {
        User user = user(tenant(), "before");
        var after = new User(
                user.tenant(),
                user.id(),
                "after@" + user.userPrincipalName(),
                "After",
                Optional.empty(),
                Optional.of("Surname"),
                Optional.empty(),
                false,
                Optional.of("hash"),
                true,
                NOW.plusSeconds(5),
                NOW.plusSeconds(6),
                new Attributes(Map.of("department", List.of("Süd \"1\""), "usageLocation", List.of("DE"))));

        assertTrue(write(s -> s.users().update(after)));

        assertEquals(Optional.of(after), read(s -> s.users().find(user.tenant(), user.id())));
    }

    @Test
    void updateRefusesATakenNameAndKeepsTheOldOne() {
        Tenant tenant = tenant();
        User first = user(tenant, "first");
        User second = user(tenant, "second");

        assertThrows(
                DuplicateKey.class, () -> change(s -> s.users().update(renamed(second, first.userPrincipalName()))));

        assertEquals(Optional.of(second), read(s -> s.users().find(tenant.id(), second.id())));
    }

    @Test
    void anotherTenantNeitherSeesNorChangesAUser() {
        User user = user(tenant(), "mine");
        Tenant other = tenant();
        var foreign = new User(
                other.id(),
                user.id(),
                "stolen@" + other.domain(),
                "Stolen",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                false,
                NOW,
                NOW);

        assertTrue(read(s -> s.users().find(other.id(), user.id())).isEmpty());
        assertFalse(write(s -> s.users().update(foreign)));
        assertFalse(write(s -> s.users().delete(other.id(), user.id())));
        assertEquals(Optional.of(user), read(s -> s.users().find(user.tenant(), user.id())));
    }

    @Test
    void deletesAUserWithWhatHangsOnIt() {
        Tenant tenant = tenant();
        User user = user(tenant, "gone");
        Group group = group(tenant, "Readers");
        ServicePrincipal app = servicePrincipal(tenant, "wiki");
        change(s -> {
            s.groups().addMember(tenant.id(), group.id(), user.id());
            s.roles().grant(tenant.id(), user.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
            s.assignments()
                    .insert(new Assignment(
                            tenant.id(),
                            "a1",
                            Assignment.PrincipalType.USER,
                            user.id().value(),
                            app.id(),
                            Assignment.DEFAULT_ACCESS,
                            NOW));
            s.sessions()
                    .insert(new SessionStore.Row(
                            tenant.id(),
                            SessionId.random(),
                            user.id(),
                            "h-" + user.id(),
                            NOW,
                            NOW,
                            NOW,
                            false,
                            "",
                            "",
                            Set.of("pwd"),
                            Optional.empty(),
                            ""));
        });

        assertTrue(write(s -> s.users().delete(tenant.id(), user.id())));

        assertTrue(read(s -> s.users().find(tenant.id(), user.id())).isEmpty());
        assertTrue(read(s -> s.groups().members(tenant.id(), group.id())).isEmpty());
        assertTrue(read(s -> s.roles().rolesOf(tenant.id(), user.id().value())).isEmpty());
        assertTrue(read(s -> s.assignments().ofResource(tenant.id(), app.id())).isEmpty());
        assertTrue(read(s -> s.sessions().of(tenant.id(), user.id())).isEmpty());
        assertFalse(write(s -> s.users().delete(tenant.id(), user.id())));
    }

    @Test
    void listsPageByPageInOneOrderOnBothDatabases() {
        Tenant tenant = tenant();
        for (String name : List.of("b", "A", "_c", "ä", "a-b", "ab", "Z", "a.b")) {
            user(tenant, name);
        }

        List<String> first = names(read(s -> s.users().list(tenant.id(), "", 5)), tenant);
        String last = first.getLast() + "@" + tenant.domain();
        List<String> second = names(read(s -> s.users().list(tenant.id(), last, 5)), tenant);

        assertEquals(List.of("_c", "a-b", "a.b", "A", "ab"), first);
        assertEquals(List.of("b", "Z", "ä"), second);
        assertTrue(read(s -> s.users().count(tenant.id())) == 8);
    }

    @Test
    void findsWhomSynchronisationKnowsByHisAccountOfTheDomain() {
        Tenant tenant = tenant();
        Tenant stranger = tenant();
        User anna = user(tenant, "anna");
        user(tenant, "ben");
        change(s -> s.users()
                .update(anna.withAttributes(new Attributes(Map.of(
                        "onPremisesSamAccountName", List.of("AnnaK"),
                        "onPremisesDomainName", List.of("Corp.Test"))))));

        assertEquals(
                List.of(anna.id()),
                read(s -> s.users().findByDomainAccount(tenant.id(), "annak", "CORP.TEST")).stream()
                        .map(User::id)
                        .toList());
        assertEquals(List.of(), read(s -> s.users().findByDomainAccount(tenant.id(), "annak", "other.test")));
        assertEquals(List.of(), read(s -> s.users().findByDomainAccount(stranger.id(), "annak", "corp.test")));
        change(s -> s.users().putAside(tenant.id(), anna.id(), NOW));
        assertEquals(List.of(), read(s -> s.users().findByDomainAccount(tenant.id(), "annak", "corp.test")));
    }

    private static List<String> names(List<User> users, Tenant tenant) {
        return users.stream()
                .map(u -> u.userPrincipalName().replace("@" + tenant.domain(), ""))
                .toList();
    }

    private static User renamed(User user, String userPrincipalName) {
        return new User(
                user.tenant(),
                user.id(),
                userPrincipalName,
                user.displayName(),
                user.givenName(),
                user.surname(),
                user.mail(),
                user.accountEnabled(),
                user.passwordHash(),
                user.forceChangePassword(),
                user.sessionsValidFrom(),
                user.created());
    }
}
