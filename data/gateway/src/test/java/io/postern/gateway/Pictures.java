package io.postern.gateway;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Branding;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.TenantSettings;
import io.postern.domain.snapshot.Backend;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Revocations;
import io.postern.domain.snapshot.Snapshot;
import io.postern.domain.snapshot.VerificationKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Snapshots for tests of decisions: no real certificates, nothing listens.
public final class Pictures {
    public static final String BASE = "postern.test";
    public static final TenantId TENANT = TenantId.random();

    private Pictures() {}

    public static Snapshot of(List<PublishedApplication> applications) {
        return of(applications, List.of(), Revocations.NONE);
    }

    public static Snapshot of(
            List<PublishedApplication> applications, List<VerificationKey> keys, Revocations revocations) {
        return new Snapshot(
                1,
                BASE,
                Map.of(TENANT, "contoso"),
                applications,
                List.of(new EdgeCertificate(List.of("*." + BASE), List.of(), null)),
                null,
                null,
                Map.of(),
                keys,
                revocations);
    }

    public static PublishedApplication passthrough(String externalUrl) {
        return application(externalUrl, PreAuthentication.PASSTHROUGH);
    }

    public static PublishedApplication preAuthenticated(String externalUrl, UserId... assigned) {
        return application(externalUrl, PreAuthentication.POSTERN, assigned);
    }

    private static PublishedApplication application(String url, PreAuthentication mode, UserId... assigned) {
        return of(
                Publishing.of(ExternalUrl.parse(url), InternalUrl.parse("http://backend.corp.internal:8080/"), mode),
                Set.of(assigned));
    }

    public static PublishedApplication of(Publishing publishing, Set<UserId> assigned) {
        return new PublishedApplication(
                TENANT,
                AppId.random(),
                "Wiki",
                publishing.externalUrl(),
                Optional.of(publishing),
                new PublishedApplication.Upstream.ConnectorGroup(ConnectorGroupId.random(), Backend.of(publishing)),
                publishing.preAuthentication(),
                true,
                assigned,
                true);
    }

    public static PublishedApplication withAssigned(PublishedApplication plain, Set<UserId> assigned) {
        return new PublishedApplication(
                plain.tenant(),
                plain.appId(),
                plain.displayName(),
                plain.externalUrl(),
                plain.publishing(),
                plain.upstream(),
                plain.preAuthentication(),
                plain.assignmentRequired(),
                assigned,
                plain.enabled());
    }

    /// The same, which awaits an identity provider's answers there.
    public static PublishedApplication awaiting(PublishedApplication plain, String... replyPaths) {
        return new PublishedApplication(
                plain.tenant(),
                plain.appId(),
                plain.displayName(),
                plain.externalUrl(),
                plain.publishing(),
                plain.upstream(),
                plain.preAuthentication(),
                plain.assignmentRequired(),
                plain.assigned(),
                plain.enabled(),
                Set.of(replyPaths));
    }

    /// The same of a tenant whose pages look like its own.
    public static Snapshot branded(Snapshot plain, Branding brand) {
        return new Snapshot(
                plain.version(),
                plain.baseDomain(),
                plain.tenantNames(),
                plain.applications(),
                plain.certificates(),
                plain.tunnelCertificate(),
                plain.connectorAuthority(),
                plain.connectors(),
                plain.verificationKeys(),
                plain.revocations(),
                Map.of(
                        TENANT,
                        new TenantSettings(
                                Optional.empty(), Optional.empty(), brand, Optional.empty(), SignInSettings.DEFAULT)),
                plain.orderProofs(),
                List.of());
    }
}
