package io.postern.gateway.admit;

import io.postern.domain.ExternalDoor;
import io.postern.domain.OwnHost;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.ClientFacts;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Addresses at the identity provider and back, for one application at the port in force.
///
/// @param origin `https://login.<base domain>[:port]`
/// @param tenant name or id of the application's tenant, as it stands in the provider's paths
record LoginUrls(String origin, String tenant) {
    static LoginUrls of(PublishedApplication application, ClientFacts client) {
        String host = OwnHost.LOGIN.label() + '.' + client.snapshot().baseDomain();
        String port = client.publicPort() == 443 ? "" : ":" + client.publicPort();
        return new LoginUrls(
                "https://" + host + port,
                client.snapshot()
                        .tenantNames()
                        .getOrDefault(application.tenant(), application.tenant().value()));
    }

    static String callback(PublishedApplication application, ClientFacts client) {
        return application.externalUrl().origin(client.publicPort()) + ExternalDoor.CALLBACK;
    }

    String authorize() {
        return origin + "/" + tenant + "/oauth2/v2.0/authorize";
    }

    String logout() {
        return origin + "/" + tenant + "/oauth2/v2.0/logout";
    }

    /// At the door, so without an origin.
    String tokenPath() {
        return "/" + tenant + "/oauth2/v2.0/token";
    }

    /// For queries and forms (application/x-www-form-urlencoded).
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
