package io.postern.store.sql.table;

import io.postern.store.AccessStore;
import io.postern.store.AlertStore;
import io.postern.store.ApiCredentialStore;
import io.postern.store.ApplicationPasswordStore;
import io.postern.store.ApplicationStore;
import io.postern.store.AssignmentStore;
import io.postern.store.AuditStore;
import io.postern.store.AuthenticationMethodStore;
import io.postern.store.AuthorizationCodeStore;
import io.postern.store.CertificateOrderStore;
import io.postern.store.CertificateStore;
import io.postern.store.ChangeLog;
import io.postern.store.ClaimsMappingPolicyStore;
import io.postern.store.ClientCredentialStore;
import io.postern.store.ClientSettingsStore;
import io.postern.store.ConnectorGroupStore;
import io.postern.store.ConnectorStore;
import io.postern.store.DesktopSignInStore;
import io.postern.store.DeviceCodeStore;
import io.postern.store.DomainStore;
import io.postern.store.EnrollmentTokenStore;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.GroupOwnerStore;
import io.postern.store.GroupStore;
import io.postern.store.GuestStore;
import io.postern.store.IdentityProviderStore;
import io.postern.store.LogExportStore;
import io.postern.store.LogStore;
import io.postern.store.LogoutParticipantStore;
import io.postern.store.MembershipStore;
import io.postern.store.NestingStore;
import io.postern.store.NoticeStore;
import io.postern.store.OnceStore;
import io.postern.store.OutboundStore;
import io.postern.store.OwnerStore;
import io.postern.store.PermissionGrantStore;
import io.postern.store.PortalStore;
import io.postern.store.ProfileStore;
import io.postern.store.ProvisioningStore;
import io.postern.store.RefreshFamilyStore;
import io.postern.store.RevocationStore;
import io.postern.store.RoleStore;
import io.postern.store.SamlCertificateStore;
import io.postern.store.SamlSignOnStore;
import io.postern.store.SecretStore;
import io.postern.store.ServicePrincipalStore;
import io.postern.store.SessionClientStore;
import io.postern.store.SessionStore;
import io.postern.store.SignInAttemptStore;
import io.postern.store.SigningKeyStore;
import io.postern.store.Stores;
import io.postern.store.SyncStore;
import io.postern.store.TenantStore;
import io.postern.store.TraceStore;
import io.postern.store.UpdateStore;
import io.postern.store.UserStore;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;

/// The aggregates of one transaction.
///
/// @param bumped told of each new configuration version, still inside the transaction
public record Tables(Handle handle, LongConsumer bumped) implements Stores {
    /// The configuration version as this transaction sees it.
    public static long version(Handle handle) {
        return handle.createQuery("SELECT version FROM configuration")
                .mapTo(Long.class)
                .one();
    }

    @Override
    public TenantStore tenants() {
        return new SqlTenantStore(handle);
    }

    @Override
    public UserStore users() {
        return new SqlUserStore(handle);
    }

    @Override
    public GroupStore groups() {
        return new SqlGroupStore(handle);
    }

    @Override
    public NestingStore nestings() {
        return new SqlNestingStore(handle);
    }

    @Override
    public GroupOwnerStore groupOwners() {
        return new SqlGroupOwnerStore(handle);
    }

    @Override
    public MembershipStore memberships() {
        return new SqlMembershipStore(handle);
    }

    @Override
    public RoleStore roles() {
        return new SqlRoleStore(handle);
    }

    @Override
    public ApplicationStore applications() {
        return new SqlApplicationStore(handle);
    }

    @Override
    public ProfileStore profiles() {
        return new SqlProfileStore(handle);
    }

    @Override
    public ProvisioningStore provisioning() {
        return new SqlProvisioningStore(handle);
    }

    @Override
    public OutboundStore outbound() {
        return new SqlOutboundStore(handle);
    }

    @Override
    public OwnerStore owners() {
        return new SqlOwnerStore(handle);
    }

    @Override
    public ServicePrincipalStore servicePrincipals() {
        return new SqlServicePrincipalStore(handle);
    }

    @Override
    public AssignmentStore assignments() {
        return new SqlAssignmentStore(handle);
    }

    @Override
    public AccessStore access() {
        return new SqlAccessStore(handle);
    }

    @Override
    public AlertStore alerts() {
        return new SqlAlertStore(handle);
    }

    @Override
    public NoticeStore notices() {
        return new SqlNoticeStore(handle);
    }

    @Override
    public PortalStore portal() {
        return new SqlPortalStore(handle);
    }

    @Override
    public ConnectorStore connectors() {
        return new SqlConnectorStore(handle);
    }

    @Override
    public ConnectorGroupStore connectorGroups() {
        return new SqlConnectorGroupStore(handle);
    }

    @Override
    public UpdateStore updates() {
        return new SqlUpdateStore(handle);
    }

    @Override
    public EnrollmentTokenStore enrollmentTokens() {
        return new SqlEnrollmentTokenStore(handle);
    }

    @Override
    public ApiCredentialStore apiCredentials() {
        return new SqlApiCredentialStore(handle);
    }

    @Override
    public SigningKeyStore signingKeys() {
        return new SqlSigningKeyStore(handle);
    }

    @Override
    public SessionStore sessions() {
        return new SqlSessionStore(handle);
    }

    @Override
    public AuthorizationCodeStore authorizationCodes() {
        return new SqlAuthorizationCodeStore(handle);
    }

    @Override
    public ClientSettingsStore clientSettings() {
        return new SqlClientSettingsStore(handle);
    }

    @Override
    public ClientCredentialStore clientCredentials() {
        return new SqlClientCredentialStore(handle);
    }

    @Override
    public RefreshFamilyStore refreshFamilies() {
        return new SqlRefreshFamilyStore(handle);
    }

    @Override
    public PermissionGrantStore permissionGrants() {
        return new SqlPermissionGrantStore(handle);
    }

    @Override
    public DeviceCodeStore deviceCodes() {
        return new SqlDeviceCodeStore(handle);
    }

    @Override
    public SessionClientStore sessionClients() {
        return new SqlSessionClientStore(handle);
    }

    @Override
    public SamlSignOnStore samlSignOns() {
        return new SqlSamlSignOnStore(handle);
    }

    @Override
    public ClaimsMappingPolicyStore claimsMappingPolicies() {
        return new SqlClaimsMappingPolicyStore(handle);
    }

    @Override
    public GuestStore guests() {
        return new SqlGuestStore(handle);
    }

    @Override
    public ApplicationPasswordStore applicationPasswords() {
        return new SqlApplicationPasswordStore(handle);
    }

    @Override
    public DesktopSignInStore desktopSignIns() {
        return new SqlDesktopSignInStore(handle);
    }

    @Override
    public SamlCertificateStore samlCertificates() {
        return new SqlSamlCertificateStore(handle);
    }

    @Override
    public IdentityProviderStore identityProviders() {
        return new SqlIdentityProviderStore(handle);
    }

    @Override
    public FederatedIdentityStore federatedIdentities() {
        return new SqlFederatedIdentityStore(handle);
    }

    @Override
    public LogoutParticipantStore logoutParticipants() {
        return new SqlLogoutParticipantStore(handle);
    }

    @Override
    public RevocationStore revocations() {
        return new SqlRevocationStore(handle);
    }

    @Override
    public SignInAttemptStore signInAttempts() {
        return new SqlSignInAttemptStore(handle);
    }

    @Override
    public OnceStore once() {
        return new SqlOnceStore(handle);
    }

    @Override
    public AuthenticationMethodStore authenticationMethods() {
        return new SqlAuthenticationMethodStore(handle);
    }

    @Override
    public TraceStore traces() {
        return new SqlTraceStore(handle);
    }

    @Override
    public SecretStore secrets() {
        return new SqlSecretStore(handle);
    }

    @Override
    public DomainStore domains() {
        return new SqlDomainStore(handle);
    }

    @Override
    public CertificateStore certificates() {
        return new SqlCertificateStore(handle);
    }

    @Override
    public CertificateOrderStore certificateOrders() {
        return new SqlCertificateOrderStore(handle);
    }

    @Override
    public SyncStore sync() {
        return new SqlSyncStore(handle);
    }

    @Override
    public AuditStore audit() {
        return new SqlAuditStore(handle);
    }

    @Override
    public LogStore logs() {
        return new SqlLogStore(handle);
    }

    @Override
    public LogExportStore logExports() {
        return new SqlLogExportStore(handle);
    }

    @Override
    public ChangeLog changes() {
        return new SqlChangeLog(handle, bumped);
    }
}
