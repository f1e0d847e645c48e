package io.postern.admin.service;

import io.postern.domain.AppId;
import io.postern.domain.ExternalDoor;
import io.postern.domain.ObjectId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.store.ServicePrincipal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The applications that Postern itself registers in every tenant. In the service's first tenant their ids are the
/// same in every installation, as clients of the API must know one before they can ask anything; in the others they
/// follow from the tenant's id, so that no credential for one tenant's fits another's.
public final class SystemApplications {
    /// The API as a resource that access tokens are for.
    public static final AppId API = new AppId("00000003-0000-4000-8000-706f73746572");
    /// The page of tiles, which the gateway signs users in to.
    public static final AppId MY_APPS = new AppId("00000004-0000-4000-8000-706f73746572");
    /// Whose API token the quickstart keeps in its data folder.
    public static final AppId QUICKSTART = new AppId("00000005-0000-4000-8000-706f73746572");

    private SystemApplications() {}

    /// Of a tenant that is not the first.
    public static AppId apiOf(TenantId tenant) {
        return derived("api", tenant);
    }

    /// Made by the service and not by an administrator of the tenant.
    public static boolean isBuiltIn(TenantId tenant, AppId app) {
        return Set.of(API, MY_APPS, QUICKSTART, apiOf(tenant), derived("my-apps", tenant))
                .contains(app);
    }

    public static boolean isMyApps(Application application) {
        return isFirstMyApps(application) || application.appId().equals(derived("my-apps", application.tenant()));
    }

    public static boolean isFirstMyApps(Application application) {
        return application.appId().equals(MY_APPS);
    }

    private static AppId derived(String what, TenantId tenant) {
        byte[] name = ("io.postern/" + what + "/" + tenant).getBytes(StandardCharsets.UTF_8);
        return new AppId(UUID.nameUUIDFromBytes(name).toString());
    }

    /// Makes My Apps and the API where the actor's tenant lacks them, and lets them follow a new base domain.
    ///
    /// @param first whether it is the service's first tenant
    static void ensure(Change change, Site site, String tenantName, boolean first) {
        String portal = "https://" + OwnHost.portalLabel(tenantName, first) + "." + site.baseDomain();
        ensure(
                change,
                first ? MY_APPS : derived("my-apps", change.tenant()),
                "My Apps",
                List.of(),
                List.of(portal + ExternalDoor.CALLBACK),
                Optional.of(portal + "/"));
        ensure(
                change,
                first ? API : apiOf(change.tenant()),
                "Postern API",
                List.of("https://" + OwnHost.API.label() + "." + site.baseDomain()),
                List.of(),
                Optional.empty());
    }

    static ServicePrincipal ensure(
            Change change,
            AppId appId,
            String displayName,
            List<String> identifierUris,
            List<String> redirectUris,
            Optional<String> homePageUrl) {
        Optional<Application> known = change.stores().applications().findByAppId(appId);
        if (known.isEmpty()) {
            var application = application(
                    change, ObjectId.random(), appId, displayName, identifierUris, redirectUris, homePageUrl);
            change.applications().insert(application);
            change.note(Activity.ADD_APPLICATION, application.id(), displayName);
        } else if (!known.get().redirectUris().equals(redirectUris)
                || !known.get().identifierUris().equals(identifierUris)
                || !known.get().homePageUrl().equals(homePageUrl)) {
            change.applications()
                    .update(application(
                            change, known.get().id(), appId, displayName, identifierUris, redirectUris, homePageUrl));
            change.note(Activity.UPDATE_APPLICATION, known.get().id(), displayName);
        }
        return change.stores()
                .servicePrincipals()
                .findByAppId(change.tenant(), appId)
                .orElseGet(() -> {
                    var principal = new ServicePrincipal(
                            change.tenant(),
                            ServicePrincipalId.random(),
                            appId,
                            displayName,
                            true,
                            false, // everybody of the tenant has My Apps
                            List.of("HideApp"),
                            change.now());
                    change.stores().servicePrincipals().insert(principal);
                    change.note(Activity.ADD_SERVICE_PRINCIPAL, principal.id(), displayName);
                    return principal;
                });
    }

    private static Application application(
            Change change,
            ObjectId id,
            AppId appId,
            String displayName,
            List<String> identifierUris,
            List<String> redirectUris,
            Optional<String> homePageUrl) {
        return new Application(
                change.tenant(),
                id,
                appId,
                displayName,
                identifierUris,
                redirectUris,
                homePageUrl,
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                change.now());
    }
}
