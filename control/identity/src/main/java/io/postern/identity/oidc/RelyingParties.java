package io.postern.identity.oidc;

import io.postern.domain.AppId;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.publish.Application;
import io.postern.identity.protocol.Fault;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Finds clients.
final class RelyingParties {
    /// The program `postern connector --sign-in`, which every tenant knows without a registration: it asks for our API
    /// alone, and that looks at the user's roles.
    static final AppId CONNECTOR_SIGN_IN = new AppId("00000006-0000-4000-8000-706f73746572");

    private final Store store;

    RelyingParties(Store store) {
        this.store = store;
    }

    /// Empty when the text is no id, or names no application of this tenant; [#whyNot] says which.
    Optional<RelyingParty> find(Tenant tenant, String clientId) {
        Optional<AppId> appId = appId(clientId);
        if (appId.filter(CONNECTOR_SIGN_IN::equals).isPresent()) {
            return Optional.of(connectorSignIn(tenant));
        }
        return appId.flatMap(id ->
                store.read(s -> registered(s, tenant, id).flatMap(application -> withPrincipal(s, application))));
    }

    /// Why there is no such client. An application of another tenant is unknown here.
    Fault whyNot(Tenant tenant, String clientId) {
        return appId(clientId)
                        .flatMap(id -> store.read(s -> registered(s, tenant, id)))
                        .isPresent()
                ? Fault.principalMissing(clientId, tenant.displayName())
                : Fault.appUnknown(clientId, tenant.displayName());
    }

    private static Optional<Application> registered(Stores s, Tenant tenant, AppId appId) {
        return s.applications().findByAppId(appId).filter(a -> a.tenant().equals(tenant.id()));
    }

    private static Optional<AppId> appId(String text) {
        try {
            return Optional.of(new AppId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The application that is identified by `uri`: an identifier URI, its external URL or `api://<appId>`.
    Optional<RelyingParty> resource(Tenant tenant, String uri) {
        if (uri.startsWith("api://")) {
            Optional<RelyingParty> byId = find(tenant, uri.substring("api://".length()));
            if (byId.isPresent()) {
                return byId;
            }
        }
        Optional<RelyingParty> byId = find(tenant, uri);
        return byId.isPresent()
                ? byId
                : store.read(s -> s.applications().list(tenant.id()).stream()
                        .filter(a -> isIdentifiedBy(a, uri))
                        .findFirst()
                        .flatMap(a -> withPrincipal(s, a)));
    }

    private static RelyingParty connectorSignIn(Tenant tenant) {
        String name = "Connector registration";
        return new RelyingParty(
                new Application(
                        tenant.id(),
                        new ObjectId(CONNECTOR_SIGN_IN.value()),
                        CONNECTOR_SIGN_IN,
                        name,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        true,
                        true,
                        Instant.EPOCH),
                new ServicePrincipal(
                        tenant.id(),
                        new ServicePrincipalId(CONNECTOR_SIGN_IN.value()),
                        CONNECTOR_SIGN_IN,
                        name,
                        true,
                        false,
                        List.of(),
                        Instant.EPOCH),
                ClientSettings.DEFAULT);
    }

    private static Optional<RelyingParty> withPrincipal(Stores s, Application application) {
        return s.servicePrincipals()
                .findByAppId(application.tenant(), application.appId())
                .map(principal -> new RelyingParty(
                        application, principal, s.clientSettings().of(application.tenant(), application.id())));
    }

    private static boolean isIdentifiedBy(Application application, String uri) {
        return application.identifierUris().contains(uri)
                || application
                        .publishing()
                        .map(p -> p.externalUrl().toString())
                        .filter(external -> external.equals(uri) || external.equals(uri + "/"))
                        .isPresent();
    }
}
