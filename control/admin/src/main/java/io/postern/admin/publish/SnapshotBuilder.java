package io.postern.admin.publish;

import io.postern.admin.service.Site;
import io.postern.admin.service.SystemApplications;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ExternalHost;
import io.postern.domain.ExternalUrl;
import io.postern.domain.OwnHost;
import io.postern.domain.PreAuthentication;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.snapshot.AssignedUsers;
import io.postern.domain.snapshot.Backend;
import io.postern.domain.snapshot.ConnectorEntry;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.OrderProofs;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.domain.snapshot.Revocations;
import io.postern.domain.snapshot.Snapshot;
import io.postern.domain.snapshot.VerificationKey;
import io.postern.store.Connector;
import io.postern.store.RevocationStore;
import io.postern.store.RoleStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.SigningKeyStore;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Store and certificates in, snapshot out. A handful of queries whatever the number of applications.
final class SnapshotBuilder {
    /// @param edge what the edge can present, the default first
    /// @param proofs what is shown while a certificate is on order
    record Certificates(
            List<EdgeCertificate> edge,
            EdgeCertificate tunnel,
            X509Certificate connectorAuthority,
            OrderProofs proofs) {}

    private final Site site;
    private final Stores stores;
    private final Instant now;
    private final KnownUsers known;

    SnapshotBuilder(Site site, Stores stores, Instant now, KnownUsers known) {
        this.site = site;
        this.stores = stores;
        this.now = now;
        this.known = known;
    }

    Snapshot build(long version, Certificates certificates) {
        Map<TenantId, Tenant> tenants =
                stores.tenants().list().stream().collect(Collectors.toMap(Tenant::id, Function.identity()));
        return new Snapshot(
                version,
                site.baseDomain(),
                tenants.values().stream().collect(Collectors.toMap(Tenant::id, Tenant::name)),
                applications(tenants),
                certificates.edge(),
                certificates.tunnel(),
                certificates.connectorAuthority(),
                connectors(),
                keys(),
                revocations(),
                stores.tenants().settings(),
                certificates.proofs(),
                stores.traces().running(now));
    }

    private List<PublishedApplication> applications(Map<TenantId, Tenant> tenants) {
        Map<AppId, ServicePrincipal> principals = stores.servicePrincipals().listAll().stream()
                .collect(Collectors.toMap(ServicePrincipal::appId, Function.identity()));
        Map<ServicePrincipalId, AssignedUsers> assigned = stores.assignments().assignedUsersOfAll(now);
        var defaults = new HashMap<TenantId, ConnectorGroupId>();
        tenants.keySet()
                .forEach(t ->
                        defaults.put(t, stores.connectorGroups().defaultGroup(t).id()));
        Map<TenantId, Set<UserId>> administrators = administrators(tenants.keySet());
        Map<AppId, SamlSignOn> signOns = signOns(tenants.keySet());
        var result = new ArrayList<PublishedApplication>();
        for (Application application : stores.applications().listAll()) {
            ServicePrincipal principal = principals.get(application.appId());
            ConnectorGroupId defaultGroup = defaults.get(application.tenant());
            if (principal == null || defaultGroup == null) {
                continue; // half an application is none (APP-2)
            }
            AssignedUsers users = known.shared(assigned.getOrDefault(principal.id(), AssignedUsers.NOBODY)
                    .and(administrators.getOrDefault(application.tenant(), Set.of())));
            application
                    .publishing()
                    .map(p -> published(
                            application, principal, p, defaultGroup, users, ReplyPaths.of(application, p, signOns)))
                    .or(() -> own(application, principal, tenants))
                    .ifPresent(result::add);
        }
        return result;
    }

    private Map<AppId, SamlSignOn> signOns(Set<TenantId> tenants) {
        return tenants.stream()
                .flatMap(tenant -> stores.samlSignOns().list(tenant).stream())
                .collect(Collectors.toMap(SamlSignOn::application, Function.identity()));
    }

    /// ASG-5: Global Administrators may use every application.
    private Map<TenantId, Set<UserId>> administrators(Set<TenantId> tenants) {
        return tenants.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        tenant -> stores.roles().holders(tenant, RoleStore.GLOBAL_ADMINISTRATOR).stream()
                                .map(UserId::new)
                                .filter(id -> stores.users().find(tenant, id).isPresent()) // no service principal
                                .collect(Collectors.toUnmodifiableSet())));
    }

    private static PublishedApplication published(
            Application application,
            ServicePrincipal principal,
            Publishing publishing,
            ConnectorGroupId defaultGroup,
            AssignedUsers assigned,
            Set<String> replyPaths) {
        return new PublishedApplication(
                application.tenant(),
                application.appId(),
                application.displayName(),
                publishing.externalUrl(),
                Optional.of(publishing),
                new Upstream.ConnectorGroup(application.group().orElse(defaultGroup), Backend.of(publishing)),
                publishing.preAuthentication(),
                principal.appRoleAssignmentRequired(),
                assigned,
                principal.accountEnabled(),
                replyPaths);
    }

    /// My Apps is published like any application, but leads to the control plane.
    private Optional<PublishedApplication> own(
            Application application, ServicePrincipal principal, Map<TenantId, Tenant> tenants) {
        Tenant tenant = tenants.get(application.tenant());
        if (tenant == null || !SystemApplications.isMyApps(application)) {
            return Optional.empty();
        }
        String label = OwnHost.portalLabel(tenant.name(), SystemApplications.isFirstMyApps(application));
        var host = new ExternalHost(label + "." + site.baseDomain());
        return Optional.of(new PublishedApplication(
                application.tenant(),
                application.appId(),
                application.displayName(),
                new ExternalUrl("https", host, "/"),
                Optional.empty(),
                new Upstream.Local(OwnHost.MYAPPS),
                PreAuthentication.POSTERN,
                principal.appRoleAssignmentRequired(),
                AssignedUsers.NOBODY,
                principal.accountEnabled(),
                Set.of()));
    }

    /// By each certificate that is in force now; expired ones are nobody's.
    private Map<String, ConnectorEntry> connectors() {
        var entries = new HashMap<String, ConnectorEntry>();
        for (Connector connector : stores.connectors().listAll()) {
            if (now.isBefore(connector.certificateExpires())) {
                entries.put(connector.certificateFingerprint(), entry(connector, connector.certificateFingerprint()));
            }
            connector
                    .renewed()
                    .filter(renewed -> now.isBefore(renewed.expires()))
                    .ifPresent(renewed -> entries.put(renewed.fingerprint(), entry(connector, renewed.fingerprint())));
        }
        return entries;
    }

    private static ConnectorEntry entry(Connector connector, String certificate) {
        return new ConnectorEntry(
                connector.tenant(), connector.id(), connector.group(), certificate, connector.enabled());
    }

    /// Keys not yet in use are here as well, so that no token is ever signed by a key that is unknown.
    private List<VerificationKey> keys() {
        return stores.signingKeys().listAll().stream()
                .filter(key ->
                        key.retires().isEmpty() || now.isBefore(key.retires().get()))
                .map(this::key)
                .toList();
    }

    private VerificationKey key(SigningKeyStore.Row key) {
        String issuer = site.origin(OwnHost.LOGIN) + "/" + key.tenant() + "/v2.0";
        return new VerificationKey(key.tenant(), key.keyId(), issuer, key.publicJwk());
    }

    private Revocations revocations() {
        Set<SessionId> sessions = stores.revocations().sessions().stream()
                .filter(s -> now.isBefore(s.keepUntil()))
                .map(RevocationStore.EndedSession::session)
                .collect(Collectors.toSet());
        Map<UserId, Instant> users = stores.revocations().users().stream()
                .filter(u -> now.isBefore(u.keepUntil()))
                .collect(Collectors.toMap(
                        RevocationStore.UserNotBefore::user,
                        u -> u.notBefore().equals(RevocationStore.FOREVER) ? Instant.MAX : u.notBefore()));
        return new Revocations(sessions, users);
    }
}
