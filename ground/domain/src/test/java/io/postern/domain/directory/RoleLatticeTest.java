package io.postern.domain.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// security-cases: a delegated administrator raises himself. What somebody can reach is what he may do himself, and
/// what those may do whose password or second factor he can set, and so on.
class RoleLatticeTest {
    private static final Set<Action> TAKES_OVER =
            EnumSet.of(Action.PASSWORD_RESET, Action.METHODS_WRITE, Action.USERS_WRITE);
    private static final Set<AdminRole> MAKES_ADMINISTRATORS =
            EnumSet.of(AdminRole.GLOBAL_ADMINISTRATOR, AdminRole.PRIVILEGED_ROLE_ADMINISTRATOR);
    /// Of no use to change anything that matters: what low roles have.
    private static final Set<Action> HARMLESS =
            EnumSet.of(Action.DIRECTORY_READ, Action.LOGS_READ, Action.GUESTS_INVITE);

    @ParameterizedTest
    @EnumSource
    void nobodyReachesMoreThanHisOwnRole(AdminRole role) {
        var reached = EnumSet.of(role);
        while (reached.addAll(next(reached))) {
            // until nothing is added
        }

        var allowed = EnumSet.copyOf(role.actions());
        allowed.addAll(HARMLESS);
        assertTrue(allowed.containsAll(AdminRole.actions(reached)), role + " reaches " + reached);
    }

    private static Set<AdminRole> next(Set<AdminRole> held) {
        var next = EnumSet.noneOf(AdminRole.class);
        for (AdminRole target : AdminRole.values()) {
            if (TAKES_OVER.stream().anyMatch(action -> AdminRole.mayChange(held, action, Set.of(target)))) {
                next.add(target);
            }
        }
        return next;
    }

    @Test
    void onlyTwoRolesMakeAdministrators() {
        var makers = EnumSet.noneOf(AdminRole.class);
        Stream.of(AdminRole.values())
                .filter(r -> r.actions().contains(Action.ROLES_WRITE))
                .forEach(makers::add);

        assertEquals(MAKES_ADMINISTRATORS, makers);
    }

    @ParameterizedTest
    @EnumSource
    void aHolderOfTwoRolesIsAsSafeAsOfTheHigherOne(AdminRole role) {
        for (AdminRole second : AdminRole.values()) {
            Set<AdminRole> both = Set.copyOf(EnumSet.of(role, second));
            for (AdminRole caller : AdminRole.values()) {
                boolean each = AdminRole.mayChange(Set.of(caller), Action.PASSWORD_RESET, Set.of(role))
                        && AdminRole.mayChange(Set.of(caller), Action.PASSWORD_RESET, Set.of(second));
                assertEquals(
                        each, AdminRole.mayChange(Set.of(caller), Action.PASSWORD_RESET, both), caller + " on " + both);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void credentialsAreMadeForTheEquallyMightyOnly(AdminRole role) {
        assertTrue(AdminRole.mayActAs(Set.of(role), Set.of()));
        assertEquals(
                role == AdminRole.GLOBAL_ADMINISTRATOR,
                AdminRole.mayActAs(Set.of(role), Set.of(AdminRole.GLOBAL_ADMINISTRATOR)));
        assertTrue(AdminRole.mayActAs(Set.of(role), Set.of(AdminRole.DIRECTORY_READERS)));
    }

    @Test
    void helpdeskReachesTheFewLowRolesOnly() { // 4.8
        for (AdminRole target : AdminRole.values()) {
            boolean low = EnumSet.of(
                            AdminRole.DIRECTORY_READERS,
                            AdminRole.GUEST_INVITER,
                            AdminRole.HELPDESK_ADMINISTRATOR,
                            AdminRole.PASSWORD_ADMINISTRATOR,
                            AdminRole.REPORTS_READER)
                    .contains(target);
            assertEquals(
                    low,
                    AdminRole.mayChange(
                            Set.of(AdminRole.HELPDESK_ADMINISTRATOR), Action.PASSWORD_RESET, Set.of(target)),
                    target.toString());
        }
    }

    @Test
    void aCloudApplicationAdministratorIsAnApplicationAdministratorWithoutTheProxy() { // 4.8
        var without = EnumSet.copyOf(AdminRole.APPLICATION_ADMINISTRATOR.actions());
        without.removeAll(EnumSet.of(Action.PROXY_READ, Action.PROXY_WRITE, Action.CONNECTORS_WRITE));

        assertEquals(without, AdminRole.CLOUD_APPLICATION_ADMINISTRATOR.actions());
    }

    @Test
    void readersChangeNothing() {
        for (AdminRole reader : EnumSet.of(
                AdminRole.GLOBAL_READER,
                AdminRole.SECURITY_READER,
                AdminRole.REPORTS_READER,
                AdminRole.DIRECTORY_READERS)) {
            assertTrue(reader.actions().stream().allMatch(a -> a.name().endsWith("_READ")), reader.toString());
        }
        var reads = EnumSet.noneOf(Action.class);
        Arrays.stream(Action.values()).filter(a -> a.name().endsWith("_READ")).forEach(reads::add);
        assertEquals(reads, AdminRole.GLOBAL_READER.actions());
    }

    @Test
    void anUnknownTemplateIsNoRole() {
        assertFalse(AdminRole.byTemplate("62e90394-69f5-4237-9190-012177145e11").isPresent());
        assertEquals(Set.of(), AdminRole.byTemplates(Set.of("x")));
    }
}
