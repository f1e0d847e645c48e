package io.postern.store;

/// The aggregates, within one transaction. Do not keep it beyond the function it was given to.
public interface Stores {
    TenantStore tenants();

    UserStore users();

    GroupStore groups();

    RoleStore roles();

    ApplicationStore applications();

    ServicePrincipalStore servicePrincipals();

    AssignmentStore assignments();

    ConnectorStore connectors();

    ConnectorGroupStore connectorGroups();

    EnrollmentTokenStore enrollmentTokens();

    ApiCredentialStore apiCredentials();

    SigningKeyStore signingKeys();

    SessionStore sessions();

    AuthorizationCodeStore authorizationCodes();

    RevocationStore revocations();

    SignInAttemptStore signInAttempts();

    OnceStore once();

    SecretStore secrets();

    AuditStore audit();

    ChangeLog changes();
}
