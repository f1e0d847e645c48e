package io.postern.admin.service;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ExternalHost;
import io.postern.domain.ExternalUrl;
import io.postern.domain.HostNames;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import java.net.URI;
import java.util.List;
import java.util.Set;

/// What must hold for an application among the others: nothing that is one's own is another's too, and its parts
/// fit each other. [PublishingRules] has what can be said of a publication alone.
final class ApplicationRules {
    private ApplicationRules() {}

    /// @throws Rejected with the first fault
    static void check(Change change, Application application) {
        List<Application> others = change.applications().all().stream()
                .filter(other -> !other.id().equals(application.id()))
                .toList();
        if (application.publishing().isPresent() && application.publicClient()) {
            throw Rejected.invalid(
                    "isFallbackPublicClient",
                    "isFallbackPublicClient must be false for a published application (APP-1)");
        }
        application.publishing().ifPresent(publishing -> {
            checkHome(application, publishing);
            checkUnique(change, application, publishing, others);
            checkMore(change, application, publishing);
        });
        for (Application other : others) {
            for (String uri : application.identifierUris()) {
                if (other.identifierUris().contains(uri)) {
                    throw Rejected.conflict("identifier URI '" + uri + "' belongs to application '"
                            + other.displayName() + "'; choose another");
                }
            }
        }
    }

    /// PUB-15.
    private static void checkHome(Application application, Publishing publishing) {
        String external = publishing.externalUrl().toString();
        application.homePageUrl().filter(home -> !isBelow(publishing, home)).ifPresent(home -> {
            throw Rejected.invalid(
                    "web.homePageUrl",
                    "web.homePageUrl '" + home + "' must begin with the external URL " + external + " (PUB-15)");
        });
    }

    private static boolean isBelow(Publishing publishing, String home) {
        if (!publishing.externalUrl().host().isWildcard()) {
            return home.startsWith(publishing.externalUrl().toString());
        }
        String host = URI.create(home).getHost(); // checked when it was given
        return HostNames.isDomainName(host) && publishing.isReachedOn(new ExternalHost(host));
    }

    /// CPX-2 and FE-1: what an application has beside its external URL, no other has likewise. An external URL may be
    /// another's segment too: then it wins.
    private static void checkMore(Change change, Application application, Publishing publishing) {
        Set<ExternalUrl> wanted = publishing.furtherUrls();
        if (wanted.isEmpty()) {
            return;
        }
        for (Application other : change.stores().applications().listAll()) {
            if (other.id().equals(application.id()) || other.publishing().isEmpty()) {
                continue;
            }
            for (ExternalUrl taken : other.publishing().get().furtherUrls()) {
                if (wanted.contains(taken)) {
                    String owner = other.tenant().equals(application.tenant())
                            ? "application '" + other.displayName() + "'"
                            : "an application of another tenant";
                    throw Rejected.conflict(
                            "'" + taken + "' is a segment or alternate URL of " + owner + "; choose another (CPX-2)");
                }
            }
        }
    }

    /// PUB-6: the external URL once in the service (the store keeps that too), the internal one once in a
    /// connector group: the same application may be published from two sites.
    private static void checkUnique(
            Change change, Application application, Publishing publishing, List<Application> others) {
        ConnectorGroupId group = effectiveGroup(change, application);
        for (Application other : others) {
            if (other.publishing().isEmpty()) {
                continue;
            }
            if (other.publishing().get().externalUrl().equals(publishing.externalUrl())) {
                throw Rejected.conflict("externalUrl '" + publishing.externalUrl() + "' is taken by application '"
                        + other.displayName() + "'; choose another name or path (PUB-6)");
            }
            if (other.publishing().get().internalUrl().equals(publishing.internalUrl())
                    && effectiveGroup(change, other).equals(group)) {
                throw Rejected.conflict("internalUrl '" + publishing.internalUrl() + "' is published as application '"
                        + other.displayName()
                        + "' in the same connector group; choose another path, or another group (PUB-6)");
            }
        }
    }

    static ConnectorGroupId effectiveGroup(Change change, Application application) {
        return application
                .group()
                .orElseGet(() -> change.stores()
                        .connectorGroups()
                        .defaultGroup(change.tenant())
                        .id());
    }
}
