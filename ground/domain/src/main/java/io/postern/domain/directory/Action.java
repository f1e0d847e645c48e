package io.postern.domain.directory;

/// What can be done through the API. Every route is one of these, and [AdminRole] says who may (4.8).
public enum Action {
    /// Every user, for what is his own; there is no "own" of a service principal.
    OWN,
    /// Users, groups, registrations, enterprise applications, assignments, roles, domains, the organisation.
    DIRECTORY_READ,
    /// Create, change, disable and delete users.
    USERS_WRITE,
    /// Create guests.
    GUESTS_INVITE,
    PASSWORD_RESET,
    /// End sessions and make refresh tokens void.
    SESSIONS_REVOKE,
    /// Second factors, passkeys, access passes and recovery codes of others.
    METHODS_WRITE,
    /// Groups and their members.
    GROUPS_WRITE,
    APPLICATIONS_CREATE,
    /// Registrations, sign-on and its certificates, credentials, properties.
    APPLICATIONS_WRITE,
    /// Who may use an application, and for how long.
    ASSIGNMENTS_WRITE,
    /// Consent in the name of the tenant.
    CONSENT_WRITE,
    /// What is published and how it fares: internal URLs, health, failed exchanges.
    PROXY_READ,
    /// Publish, certificates of published hosts, link reports, recordings of exchanges.
    PROXY_WRITE,
    /// Connectors, their groups, tokens and updates.
    CONNECTORS_WRITE,
    ROLES_WRITE,
    DOMAINS_WRITE,
    /// Limits and branding of the tenant.
    TENANT_WRITE,
    /// Add and list the tenants of the service; only in the tenant of whoever operates it.
    TENANTS_WRITE,
    SECURITY_READ,
    /// What the tenant demands of every sign-in: second factors, password and lockout rules, session lifetimes.
    SECURITY_WRITE,
    CONDITIONAL_ACCESS_READ,
    CONDITIONAL_ACCESS_WRITE,
    /// Sign-in log, audit log, usage.
    LOGS_READ,
    /// Where logs are sent and how long they are kept.
    LOGS_WRITE,
    /// Synchronisation with another directory, and identity providers whose word is taken.
    SYNC_WRITE
}
