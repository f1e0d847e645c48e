package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AssignmentStoreTest extends StoreContract {
    @Test
    void resolvesUsersDirectlyAndByGroup() { // ASG-3
        Tenant tenant = tenant();
        ServicePrincipal wiki = servicePrincipal(tenant, "wiki");
        ServicePrincipal mail = servicePrincipal(tenant, "mail");
        User direct = user(tenant, "direct");
        User both = user(tenant, "both");
        User member = user(tenant, "member");
        user(tenant, "nobody");
        Group group = group(tenant, "Readers");
        change(s -> {
            s.groups().addMember(tenant.id(), group.id(), both.id());
            s.groups().addMember(tenant.id(), group.id(), member.id());
        });
        assign(wiki, Assignment.PrincipalType.USER, direct.id().value());
        assign(wiki, Assignment.PrincipalType.USER, both.id().value());
        assign(wiki, Assignment.PrincipalType.GROUP, group.id().value());
        assign(mail, Assignment.PrincipalType.GROUP, group.id().value());

        assertEquals(
                Set.of(direct.id(), both.id(), member.id()),
                read(s -> s.assignments().assignedUsers(tenant.id(), wiki.id(), NOW)));
        assertEquals(
                Set.of(both.id(), member.id()), read(s -> s.assignments().assignedUsers(tenant.id(), mail.id(), NOW)));
        var all = read(s -> s.assignments().assignedUsersOfAll(NOW));
        assertEquals(
                Set.of(direct.id(), both.id(), member.id()), all.get(wiki.id()).users());
        assertEquals(Set.of(both.id(), member.id()), all.get(mail.id()).users());
        assertSame(
                all.get(mail.id()).sets().getFirst(),
                all.get(wiki.id()).sets().getFirst(),
                "a group's members are held once however many applications it is assigned to");
        assertEquals(
                Set.of(wiki.id(), mail.id()), read(s -> s.assignments().resourcesOf(tenant.id(), member.id(), NOW)));
        assertEquals(Set.of(wiki.id()), read(s -> s.assignments().resourcesOf(tenant.id(), direct.id(), NOW)));
    }

    @Test
    void refusesTheSameAssignmentTwice() {
        Tenant tenant = tenant();
        ServicePrincipal app = servicePrincipal(tenant, "wiki");
        User user = user(tenant, "u");
        Assignment first = assign(app, Assignment.PrincipalType.USER, user.id().value());

        assertThrows(
                DuplicateKey.class,
                () -> assign(app, Assignment.PrincipalType.USER, user.id().value()));

        assertEquals(List.of(first), read(s -> s.assignments().ofResource(tenant.id(), app.id())));
        assertEquals(
                List.of(first),
                read(s -> s.assignments().ofPrincipal(tenant.id(), user.id().value())));
        assertEquals(Optional.of(first), read(s -> s.assignments().find(tenant.id(), first.id())));
        assertTrue(write(s -> s.assignments().delete(tenant.id(), first.id())));
        assertFalse(write(s -> s.assignments().delete(tenant.id(), first.id())));
    }

    @Test
    void aFollowerHasTheLeadersAssignments() { // STEP-1
        Tenant tenant = tenant();
        ServicePrincipal hub = servicePrincipal(tenant, "hub");
        ServicePrincipal login = servicePrincipal(tenant, "login");
        User before = user(tenant, "before");
        User other = user(tenant, "other");
        User later = user(tenant, "later");
        Assignment first =
                assign(hub, Assignment.PrincipalType.USER, before.id().value());
        assign(login, Assignment.PrincipalType.USER, other.id().value());

        change(s -> s.assignments().keepInStep(tenant.id(), login.id(), hub.id()));
        assertEquals(Set.of(before.id()), users(login));
        assertEquals(Optional.of(hub.id()), read(s -> s.assignments().leaderOf(tenant.id(), login.id())));
        assertEquals(List.of(login.id()), read(s -> s.assignments().followersOf(tenant.id(), hub.id())));
        Assignment dated =
                dated(hub, Assignment.PrincipalType.USER, later.id().value(), NOW.minusSeconds(5), NOW.plusSeconds(5));
        assertEquals(Set.of(before.id(), later.id()), users(login));

        Assignment ended = new Assignment(
                tenant.id(),
                dated.id(),
                dated.principalType(),
                dated.principal(),
                dated.resource(),
                dated.appRoleId(),
                dated.created(),
                dated.starts(),
                Optional.of(NOW),
                Optional.of("over"),
                dated.assignedBy(),
                Optional.of(NOW),
                dated.reviewed());
        assertTrue(write(s -> s.assignments().update(ended)));
        assertEquals(Set.of(before.id()), users(login));
        Assignment copy = read(s -> s.assignments().ofResource(tenant.id(), login.id())).stream()
                .filter(a -> a.principal().equals(later.id().value()))
                .findFirst()
                .orElseThrow();
        assertEquals(Optional.of("over"), copy.reason());
        assertEquals(Optional.empty(), copy.lastUsed());

        assertTrue(write(s -> s.assignments().delete(tenant.id(), first.id())));
        assertEquals(Set.of(), users(login));
        assertTrue(write(s -> s.assignments().endStep(tenant.id(), login.id())));
        assertFalse(write(s -> s.assignments().endStep(tenant.id(), login.id())));
        assign(hub, Assignment.PrincipalType.USER, other.id().value());
        assertEquals(Set.of(), users(login));
    }

    @Test
    void aFollowerWhoseLeaderGoesKeepsWhatItHas() {
        Tenant tenant = tenant();
        ServicePrincipal hub = servicePrincipal(tenant, "hub");
        ServicePrincipal login = servicePrincipal(tenant, "login");
        User user = user(tenant, "u");
        assign(hub, Assignment.PrincipalType.USER, user.id().value());
        change(s -> s.assignments().keepInStep(tenant.id(), login.id(), hub.id()));

        assertTrue(write(s -> s.servicePrincipals().delete(tenant.id(), hub.id())));

        assertEquals(Set.of(user.id()), users(login));
        assertEquals(Optional.empty(), read(s -> s.assignments().leaderOf(tenant.id(), login.id())));
    }

    private Set<UserId> users(ServicePrincipal of) {
        return read(s -> s.assignments().assignedUsers(of.tenant(), of.id(), NOW));
    }

    @Test
    void countsOnlyWhileItIsInForce() {
        Tenant tenant = tenant();
        ServicePrincipal app = servicePrincipal(tenant, "wiki");
        User direct = user(tenant, "direct");
        User member = user(tenant, "member");
        Group group = group(tenant, "Readers");
        change(s -> s.groups().addMember(tenant.id(), group.id(), member.id()));
        Instant starts = NOW.plusSeconds(60);
        Instant ends = NOW.plusSeconds(120);
        Assignment dated = dated(app, Assignment.PrincipalType.USER, direct.id().value(), starts, ends);
        Assignment ofGroup =
                dated(app, Assignment.PrincipalType.GROUP, group.id().value(), starts, ends);

        assertEquals(Optional.of(dated), read(s -> s.assignments().find(tenant.id(), dated.id())));
        for (Instant out : List.of(NOW, starts.minusMillis(1), ends, ends.plusSeconds(1))) {
            assertEquals(Set.of(), read(s -> s.assignments().assignedUsers(tenant.id(), app.id(), out)));
            assertEquals(
                    Optional.empty(),
                    Optional.ofNullable(
                            read(s -> s.assignments().assignedUsersOfAll(out)).get(app.id())));
            assertEquals(Set.of(), read(s -> s.assignments().resourcesOf(tenant.id(), member.id(), out)));
            assertEquals(List.of(), read(s -> s.assignments().inForce(tenant.id(), app.id(), direct.id(), out)));
        }
        for (Instant in : List.of(starts, ends.minusMillis(1))) {
            assertEquals(
                    Set.of(direct.id(), member.id()),
                    read(s -> s.assignments().assignedUsers(tenant.id(), app.id(), in)));
            assertEquals(
                    Set.of(direct.id(), member.id()),
                    read(s -> s.assignments().assignedUsersOfAll(in))
                            .get(app.id())
                            .users());
            assertEquals(Set.of(app.id()), read(s -> s.assignments().resourcesOf(tenant.id(), member.id(), in)));
            assertEquals(List.of(dated), read(s -> s.assignments().inForce(tenant.id(), app.id(), direct.id(), in)));
            assertEquals(List.of(ofGroup), read(s -> s.assignments().inForce(tenant.id(), app.id(), member.id(), in)));
        }
        change(s -> s.assignments().delete(tenant.id(), ofGroup.id()));
        change(s -> s.assignments().delete(tenant.id(), dated.id()));
    }

    @Test
    void tellsWhenTheNextOneTurns() {
        Tenant tenant = tenant();
        ServicePrincipal app = servicePrincipal(tenant, "wiki");
        assign(app, Assignment.PrincipalType.USER, user(tenant, "always").id().value());
        Instant starts = NOW.plusSeconds(5);
        Instant ends = NOW.plusSeconds(9);
        Assignment dated =
                dated(app, Assignment.PrincipalType.USER, user(tenant, "u").id().value(), starts, ends);

        assertEquals(Optional.of(starts), read(s -> s.assignments().nextChange(NOW)));
        assertEquals(Optional.of(ends), read(s -> s.assignments().nextChange(starts)));
        assertEquals(Optional.empty(), read(s -> s.assignments().nextChange(ends)));
        assertEquals(List.of(), read(s -> s.assignments().ended(NOW, ends.minusMillis(1))));
        assertEquals(List.of(dated), read(s -> s.assignments().ended(NOW, ends)));
        assertEquals(List.of(), read(s -> s.assignments().ended(ends, ends.plusSeconds(60))));
        change(s -> s.assignments().delete(tenant.id(), dated.id()));
    }

    @Test
    void remembersItsLastUseToTheHour() {
        Tenant tenant = tenant();
        ServicePrincipal app = servicePrincipal(tenant, "wiki");
        User user = user(tenant, "u");
        Assignment used = assign(app, Assignment.PrincipalType.USER, user.id().value());
        Assignment unused = assign(
                app, Assignment.PrincipalType.USER, user(tenant, "v").id().value());

        change(s -> s.assignments().used(tenant.id(), app.id(), user.id(), NOW));
        change(s -> s.assignments().used(tenant.id(), app.id(), user.id(), NOW.plusSeconds(600)));

        assertEquals(Optional.of(NOW), lastUse(used));
        assertEquals(Optional.empty(), lastUse(unused));
        change(s -> s.assignments().used(tenant.id(), app.id(), user.id(), NOW.plusSeconds(3600)));
        assertEquals(Optional.of(NOW.plusSeconds(3600)), lastUse(used));
    }

    @Test
    void anApplicationMayHaveARole() {
        Tenant tenant = tenant();
        ServicePrincipal api = servicePrincipal(tenant, "api");
        ServicePrincipal job = servicePrincipal(tenant, "job");
        Assignment given =
                assign(api, Assignment.PrincipalType.SERVICE_PRINCIPAL, job.id().value());

        assertEquals(List.of(given), read(s -> s.assignments().inForce(tenant.id(), api.id(), job.id(), NOW)));
        assertEquals(Set.of(), read(s -> s.assignments().assignedUsers(tenant.id(), api.id(), NOW)));
        assertEquals(List.of(given), read(s -> s.assignments().list(tenant.id())));
    }

    private static Optional<Instant> lastUse(Assignment assignment) {
        return read(s -> s.assignments().find(assignment.tenant(), assignment.id()))
                .orElseThrow()
                .lastUsed();
    }

    private static Assignment dated(
            ServicePrincipal app, Assignment.PrincipalType type, String principal, Instant starts, Instant ends) {
        var assignment = new Assignment(
                app.tenant(),
                UUID.randomUUID().toString(),
                type,
                principal,
                app.id(),
                Assignment.DEFAULT_ACCESS,
                NOW,
                Optional.of(starts),
                Optional.of(ends),
                Optional.of("project"),
                Optional.of("admin@contoso.example"),
                Optional.of(NOW),
                Optional.of(NOW));
        change(s -> s.assignments().insert(assignment));
        return assignment;
    }

    @Test
    void aDeletedGroupTakesItsAssignmentsAlong() {
        Tenant tenant = tenant();
        ServicePrincipal app = servicePrincipal(tenant, "wiki");
        User user = user(tenant, "u");
        Group group = group(tenant, "Readers");
        change(s -> s.groups().addMember(tenant.id(), group.id(), user.id()));
        assign(app, Assignment.PrincipalType.GROUP, group.id().value());

        change(s -> s.groups().delete(tenant.id(), group.id()));

        assertTrue(read(s -> s.assignments().assignedUsers(tenant.id(), app.id(), NOW))
                .isEmpty());
        assertTrue(read(s -> s.assignments().ofResource(tenant.id(), app.id())).isEmpty());
    }

    @Nested
    class ServicePrincipals {
        @Test
        void keepsEveryProperty() {
            Tenant tenant = tenant();
            ServicePrincipal principal = servicePrincipal(tenant, "wiki");
            var changed = new ServicePrincipal(
                    tenant.id(), principal.id(), principal.appId(), "Wiki 2", false, false, List.of(), NOW);

            assertEquals(Optional.of(principal), read(s -> s.servicePrincipals().find(tenant.id(), principal.id())));
            assertTrue(write(s -> s.servicePrincipals().update(changed)));
            assertEquals(
                    Optional.of(changed), read(s -> s.servicePrincipals().findByAppId(tenant.id(), principal.appId())));
            assertEquals(List.of(changed), read(s -> s.servicePrincipals().list(tenant.id())));
            assertTrue(read(s -> s.servicePrincipals().listAll()).contains(changed));
        }

        @Test
        void refusesASecondOneForAnApplication() {
            Tenant tenant = tenant();
            ServicePrincipal first = servicePrincipal(tenant, "wiki");
            var second = new ServicePrincipal(
                    tenant.id(), ServicePrincipalId.random(), first.appId(), "x", true, true, List.of(), NOW);

            assertThrows(
                    DuplicateKey.class, () -> change(s -> s.servicePrincipals().insert(second)));
        }

        @Test
        void deletesWithAssignmentsCredentialsAndRoles() {
            Tenant tenant = tenant();
            ServicePrincipal app = servicePrincipal(tenant, "wiki");
            assign(app, Assignment.PrincipalType.USER, user(tenant, "u").id().value());
            change(s -> {
                s.roles().grant(tenant.id(), app.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
                s.apiCredentials()
                        .insert(new ApiCredential(
                                tenant.id(), "c", app.id(), "token", "hash-" + app.id(), NOW, Optional.empty()));
            });

            assertTrue(write(s -> s.servicePrincipals().delete(tenant.id(), app.id())));

            assertTrue(
                    read(s -> s.assignments().ofResource(tenant.id(), app.id())).isEmpty());
            assertTrue(read(s -> s.apiCredentials().of(tenant.id(), app.id())).isEmpty());
            assertTrue(
                    read(s -> s.roles().rolesOf(tenant.id(), app.id().value())).isEmpty());
            assertFalse(write(s -> s.servicePrincipals().delete(tenant.id(), app.id())));
        }
    }

    private static Assignment assign(ServicePrincipal app, Assignment.PrincipalType type, String principal) {
        var assignment = new Assignment(
                app.tenant(), UUID.randomUUID().toString(), type, principal, app.id(), Assignment.DEFAULT_ACCESS, NOW);
        change(s -> s.assignments().insert(assignment));
        return assignment;
    }
}
