package io.postern.domain.directory;

import static io.postern.domain.directory.Action.APPLICATIONS_CREATE;
import static io.postern.domain.directory.Action.APPLICATIONS_WRITE;
import static io.postern.domain.directory.Action.ASSIGNMENTS_WRITE;
import static io.postern.domain.directory.Action.CONDITIONAL_ACCESS_READ;
import static io.postern.domain.directory.Action.CONDITIONAL_ACCESS_WRITE;
import static io.postern.domain.directory.Action.CONNECTORS_WRITE;
import static io.postern.domain.directory.Action.CONSENT_WRITE;
import static io.postern.domain.directory.Action.DIRECTORY_READ;
import static io.postern.domain.directory.Action.DOMAINS_WRITE;
import static io.postern.domain.directory.Action.GROUPS_WRITE;
import static io.postern.domain.directory.Action.GUESTS_INVITE;
import static io.postern.domain.directory.Action.LOGS_READ;
import static io.postern.domain.directory.Action.METHODS_WRITE;
import static io.postern.domain.directory.Action.PASSWORD_RESET;
import static io.postern.domain.directory.Action.PROXY_READ;
import static io.postern.domain.directory.Action.PROXY_WRITE;
import static io.postern.domain.directory.Action.ROLES_WRITE;
import static io.postern.domain.directory.Action.SECURITY_READ;
import static io.postern.domain.directory.Action.SECURITY_WRITE;
import static io.postern.domain.directory.Action.SESSIONS_REVOKE;
import static io.postern.domain.directory.Action.SYNC_WRITE;
import static io.postern.domain.directory.Action.USERS_WRITE;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Administrator roles and their abilities (4.8), by the template ids that everybody's scripts know.
public enum AdminRole {
    GLOBAL_ADMINISTRATOR("62e90394-69f5-4237-9190-012177145e10", "Global Administrator", everything()),
    APPLICATION_ADMINISTRATOR(
            "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
            "Application Administrator",
            Set.of(
                    APPLICATIONS_CREATE,
                    APPLICATIONS_WRITE,
                    ASSIGNMENTS_WRITE,
                    CONSENT_WRITE,
                    PROXY_READ,
                    PROXY_WRITE,
                    CONNECTORS_WRITE)),
    CLOUD_APPLICATION_ADMINISTRATOR(
            "158c047a-c907-4556-b7ef-446551a6b5f7",
            "Cloud Application Administrator",
            Set.of(APPLICATIONS_CREATE, APPLICATIONS_WRITE, ASSIGNMENTS_WRITE, CONSENT_WRITE)),
    APPLICATION_DEVELOPER("cf1c38e5-3621-4004-a7cb-879624dced7c", "Application Developer", Set.of(APPLICATIONS_CREATE)),
    CONDITIONAL_ACCESS_ADMINISTRATOR(
            "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9",
            "Conditional Access Administrator",
            Set.of(CONDITIONAL_ACCESS_READ, CONDITIONAL_ACCESS_WRITE)),
    SECURITY_ADMINISTRATOR(
            "194ae4cb-b126-40b2-bd5b-6091b380977d",
            "Security Administrator",
            Set.of(
                    SECURITY_READ,
                    SECURITY_WRITE,
                    CONDITIONAL_ACCESS_READ,
                    CONDITIONAL_ACCESS_WRITE,
                    LOGS_READ,
                    PROXY_READ)),
    SECURITY_READER(
            "5d6b6bb7-de71-4623-b4af-96380a352509",
            "Security Reader",
            Set.of(SECURITY_READ, CONDITIONAL_ACCESS_READ, LOGS_READ, PROXY_READ)),
    REPORTS_READER("4a5d8f65-41da-4de4-8968-e035b65339cf", "Reports Reader", Set.of(LOGS_READ)),
    GLOBAL_READER(
            "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
            "Global Reader",
            Set.of(SECURITY_READ, CONDITIONAL_ACCESS_READ, LOGS_READ, PROXY_READ)),
    HELPDESK_ADMINISTRATOR(
            "729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator", Set.of(PASSWORD_RESET, SESSIONS_REVOKE)),
    PASSWORD_ADMINISTRATOR("966707d0-3269-4727-9be2-8c3a10f19b9d", "Password Administrator", Set.of(PASSWORD_RESET)),
    AUTHENTICATION_ADMINISTRATOR(
            "c4e39bd9-1100-46d3-8c65-fb160da0071f",
            "Authentication Administrator",
            Set.of(PASSWORD_RESET, METHODS_WRITE, SESSIONS_REVOKE)),
    USER_ADMINISTRATOR(
            "fe930be7-5e62-47db-91af-98c3a49a38b1",
            "User Administrator",
            Set.of(USERS_WRITE, GUESTS_INVITE, GROUPS_WRITE, PASSWORD_RESET, SESSIONS_REVOKE)),
    GROUPS_ADMINISTRATOR("fdd7a751-b60b-444a-984c-02652fe8fa1c", "Groups Administrator", Set.of(GROUPS_WRITE)),
    GUEST_INVITER("95e79109-95c0-4d8e-aee3-d01accf2d47b", "Guest Inviter", Set.of(GUESTS_INVITE)),
    PRIVILEGED_ROLE_ADMINISTRATOR(
            "e8611ab8-c189-46e8-94e1-60213ab1f814", "Privileged Role Administrator", Set.of(ROLES_WRITE)),
    DOMAIN_NAME_ADMINISTRATOR(
            "8329153b-31d0-4727-b945-745eb3bc5f31", "Domain Name Administrator", Set.of(DOMAINS_WRITE)),
    HYBRID_IDENTITY_ADMINISTRATOR(
            "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", "Hybrid Identity Administrator", Set.of(SYNC_WRITE)),
    DIRECTORY_READERS("88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "Directory Readers", Set.of());

    private final String templateId;
    private final String displayName;

    @SuppressWarnings("ImmutableEnumChecker") // it cannot be modified
    private final Set<Action> actions;

    /// @param actions besides reading the directory, which every administrator must
    AdminRole(String templateId, String displayName, Set<Action> actions) {
        this.templateId = templateId;
        this.displayName = displayName;
        var all = EnumSet.of(DIRECTORY_READ);
        all.addAll(actions);
        this.actions = Collections.unmodifiableSet(all);
    }

    public String templateId() {
        return templateId;
    }

    public String displayName() {
        return displayName;
    }

    public Set<Action> actions() {
        return actions;
    }

    public static Optional<AdminRole> byTemplate(String id) {
        return Arrays.stream(values()).filter(r -> r.templateId.equals(id)).findFirst();
    }

    /// Ids that name no role mean nothing.
    public static Set<AdminRole> byTemplates(Collection<String> ids) {
        var roles = EnumSet.noneOf(AdminRole.class);
        ids.forEach(id -> byTemplate(id).ifPresent(roles::add));
        return roles;
    }

    public static Set<Action> actions(Collection<AdminRole> roles) {
        var actions = EnumSet.noneOf(Action.class);
        roles.forEach(role -> actions.addAll(role.actions));
        return actions;
    }

    /// Whether a holder of `roles` may do `action` to a user who holds `target`: nobody but a Global Administrator
    /// changes an administrator, except those of a few low roles. Otherwise whoever resets passwords could sign in
    /// as somebody mightier.
    public static boolean mayChange(Collection<AdminRole> roles, Action action, Collection<AdminRole> target) {
        return roles.stream()
                .filter(role -> role.actions.contains(action))
                .anyMatch(role -> role == GLOBAL_ADMINISTRATOR || role.below().containsAll(target));
    }

    /// Whether a holder of `roles` may make credentials for an application that holds `target`: only for one that can
    /// do nothing that he cannot.
    public static boolean mayActAs(Collection<AdminRole> roles, Collection<AdminRole> target) {
        return actions(roles).containsAll(actions(target));
    }

    /// Roles whose holders this role may change.
    private Set<AdminRole> below() {
        return switch (this) {
            case GLOBAL_ADMINISTRATOR -> EnumSet.allOf(AdminRole.class);
            case USER_ADMINISTRATOR ->
                EnumSet.of(
                        DIRECTORY_READERS,
                        GUEST_INVITER,
                        GROUPS_ADMINISTRATOR,
                        HELPDESK_ADMINISTRATOR,
                        PASSWORD_ADMINISTRATOR,
                        REPORTS_READER,
                        USER_ADMINISTRATOR);
            case HELPDESK_ADMINISTRATOR ->
                EnumSet.of(
                        DIRECTORY_READERS,
                        GUEST_INVITER,
                        HELPDESK_ADMINISTRATOR,
                        PASSWORD_ADMINISTRATOR,
                        REPORTS_READER);
            case AUTHENTICATION_ADMINISTRATOR ->
                EnumSet.of(
                        DIRECTORY_READERS,
                        GUEST_INVITER,
                        AUTHENTICATION_ADMINISTRATOR,
                        PASSWORD_ADMINISTRATOR,
                        REPORTS_READER);
            case PASSWORD_ADMINISTRATOR -> EnumSet.of(DIRECTORY_READERS, GUEST_INVITER, PASSWORD_ADMINISTRATOR);
            case APPLICATION_ADMINISTRATOR,
                    CLOUD_APPLICATION_ADMINISTRATOR,
                    APPLICATION_DEVELOPER,
                    CONDITIONAL_ACCESS_ADMINISTRATOR,
                    SECURITY_ADMINISTRATOR,
                    SECURITY_READER,
                    REPORTS_READER,
                    GLOBAL_READER,
                    GROUPS_ADMINISTRATOR,
                    GUEST_INVITER,
                    PRIVILEGED_ROLE_ADMINISTRATOR,
                    DOMAIN_NAME_ADMINISTRATOR,
                    HYBRID_IDENTITY_ADMINISTRATOR,
                    DIRECTORY_READERS -> EnumSet.noneOf(AdminRole.class);
        };
    }

    private static Set<Action> everything() {
        return EnumSet.complementOf(EnumSet.of(Action.OWN));
    }

    /// In the order of their names, for people.
    public static List<AdminRole> inOrder() {
        return Arrays.stream(values())
                .sorted(Comparator.comparing(AdminRole::displayName))
                .toList();
    }
}
