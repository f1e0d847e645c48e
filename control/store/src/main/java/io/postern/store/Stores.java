package io.postern.store;

import java.time.Duration;
import java.time.Instant;

/// The aggregates, within one transaction. Do not keep it beyond the function it was given to.
public interface Stores {
    TenantStore tenants();

    UserStore users();

    GroupStore groups();

    NestingStore nestings();

    GroupOwnerStore groupOwners();

    MembershipStore memberships();

    ProvisioningStore provisioning();

    OutboundStore outbound();

    RoleStore roles();

    ApplicationStore applications();

    ProfileStore profiles();

    OwnerStore owners();

    ServicePrincipalStore servicePrincipals();

    AssignmentStore assignments();

    AccessStore access();

    AlertStore alerts();

    GuestStore guests();

    NoticeStore notices();

    PortalStore portal();

    ConnectorStore connectors();

    ConnectorGroupStore connectorGroups();

    UpdateStore updates();

    EnrollmentTokenStore enrollmentTokens();

    ApiCredentialStore apiCredentials();

    SigningKeyStore signingKeys();

    SessionStore sessions();

    AuthorizationCodeStore authorizationCodes();

    ClientSettingsStore clientSettings();

    ClientCredentialStore clientCredentials();

    RefreshFamilyStore refreshFamilies();

    PermissionGrantStore permissionGrants();

    DeviceCodeStore deviceCodes();

    SessionClientStore sessionClients();

    SamlSignOnStore samlSignOns();

    ClaimsMappingPolicyStore claimsMappingPolicies();

    ApplicationPasswordStore applicationPasswords();

    DesktopSignInStore desktopSignIns();

    SamlCertificateStore samlCertificates();

    IdentityProviderStore identityProviders();

    FederatedIdentityStore federatedIdentities();

    LogoutParticipantStore logoutParticipants();

    RevocationStore revocations();

    SignInAttemptStore signInAttempts();

    OnceStore once();

    AuthenticationMethodStore authenticationMethods();

    TraceStore traces();

    SecretStore secrets();

    DomainStore domains();

    CertificateStore certificates();

    CertificateOrderStore certificateOrders();

    SyncStore sync();

    AuditStore audit();

    LogStore logs();

    LogExportStore logExports();

    ChangeLog changes();

    /// Failed sign-ins are remembered this long.
    Duration SIGN_IN_MEMORY = Duration.ofDays(30);

    /// Expired refresh tokens are remembered this long, to tell them from unknown ones.
    Duration REFRESH_MEMORY = Duration.ofDays(30);

    /// Used and expired connector tokens are remembered this long, to know one that comes again.
    Duration TOKEN_MEMORY = Duration.ofDays(30);

    /// A deleted user can come back for so long.
    Duration DELETED_MEMORY = Duration.ofDays(30);

    /// What a trace recorded can be read for so long after its end.
    Duration TRACE_MEMORY = Duration.ofHours(1);

    /// Mail is remembered this long, so that nobody is told the same twice.
    Duration NOTICE_MEMORY = Duration.ofDays(90);

    /// Removes whatever has expired, of every aggregate. Call now and then. @return how many rows went
    default int purge(Instant now) {
        return enrollmentTokens().purge(now.minus(TOKEN_MEMORY))
                + sessions().purge(now)
                + authorizationCodes().purge(now)
                + refreshFamilies().purge(now.minus(REFRESH_MEMORY))
                + deviceCodes().purge(now)
                + sessionClients().purge(now)
                + logoutParticipants().purge(now)
                + federatedIdentities().purge(now)
                + revocations().purge(now)
                + once().purge(now)
                + authenticationMethods().purge(now)
                + sync().purge(now.minus(DELETED_MEMORY))
                + groups().purgeDeleted(now.minus(DELETED_MEMORY))
                + users().purgeDeleted(now.minus(DELETED_MEMORY))
                + certificateOrders().purge(now)
                + alerts().purge(now.minus(NOTICE_MEMORY))
                + notices().purge(now.minus(NOTICE_MEMORY))
                + traces().purge(now.minus(TRACE_MEMORY))
                + signInAttempts().purge(now.minus(SIGN_IN_MEMORY));
    }
}
