package io.postern.identity.oidc;

import io.postern.domain.ExternalDoor;
import io.postern.domain.ExternalHost;
import io.postern.domain.HostNames;
import io.postern.domain.ServiceAddress;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.publish.Application;
import io.postern.store.ServicePrincipal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An OAuth client: an application registration with its service principal.
record RelyingParty(Application application, ServicePrincipal principal, ClientSettings settings) {
    // the three hosts of RFC 8252 §7.3; no user info, no other form of the address
    private static final Pattern LOOPBACK =
            Pattern.compile("(http://(?:127\\.0\\.0\\.1|\\[::1]|localhost))(?::[0-9]{1,5})?(/[^#]*)?");

    String appId() {
        return application.appId().value();
    }

    /// True when a client secret is expected: the gateway's for a published application, its own else.
    boolean isConfidential() {
        return !application.publicClient();
    }

    /// True when the gateway may redeem codes for it.
    boolean isServedByGateway() {
        return application.publishing().isPresent() || application.system();
    }

    /// What a client may do at a redirect URI follows from the kind under which it is registered.
    enum RedirectKind {
        /// The client proves itself with a secret or a key.
        WEB,
        /// A page redeems the code: no secret, and refresh tokens end after a day (4.6).
        SPA,
        /// A program on a device: no secret.
        PUBLIC
    }

    /// Empty when the URI is not registered. Exact comparison, character by character (RFC 9700 §2.1), with two
    /// allowances: a registered URI under the base domain follows the public port, and a native client's loopback
    /// URI may have any port (RFC 8252 §7.3).
    Optional<RedirectKind> redirectKind(String redirectUri, ServiceAddress address) {
        boolean web = isListed(application.redirectUris(), redirectUri, address) || isCallback(redirectUri, address);
        if (web && isConfidential()) {
            return Optional.of(RedirectKind.WEB);
        }
        if (isListed(settings.spaRedirectUris(), redirectUri, address)) {
            return Optional.of(RedirectKind.SPA);
        }
        boolean program = isListed(settings.publicRedirectUris(), redirectUri, address)
                || settings.publicRedirectUris().stream().anyMatch(uri -> sameLoopback(uri, redirectUri))
                || (application.publicClient()
                        && (web
                                || application.redirectUris().stream()
                                        .anyMatch(uri -> sameLoopback(uri, redirectUri))));
        return program ? Optional.of(RedirectKind.PUBLIC) : Optional.empty();
    }

    /// Under whatever kind, for leaving as for coming in.
    boolean isRegistered(String uri, ServiceAddress address) {
        return isListed(application.redirectUris(), uri, address)
                || isListed(settings.spaRedirectUris(), uri, address)
                || isListed(settings.publicRedirectUris(), uri, address);
    }

    private static boolean isListed(List<String> uris, String redirectUri, ServiceAddress address) {
        return uris.stream().map(address::follow).anyMatch(redirectUri::equals);
    }

    /// May it use grants without a redirect that need no secret, such as the device code?
    boolean mayBePublic() {
        return application.publicClient() || !settings.publicRedirectUris().isEmpty();
    }

    /// The gateway's, whatever stands in the list (APP-1): on each host where users reach the application, those of
    /// segments and under a wildcard included (CPX-5).
    private boolean isCallback(String uri, ServiceAddress address) {
        String end = (address.publicPort() == 443 ? "" : ":" + address.publicPort()) + ExternalDoor.CALLBACK;
        if (!uri.startsWith("https://") || !uri.endsWith(end) || uri.length() < "https://".length() + end.length()) {
            return false;
        }
        String host = uri.substring("https://".length(), uri.length() - end.length());
        return HostNames.isDomainName(host)
                && application
                        .publishing()
                        .filter(p -> p.isReachedOn(new ExternalHost(host)))
                        .filter(p -> !p.externalUrl().host().isWildcard() || !address.isOurs(host))
                        .isPresent();
    }

    private static boolean sameLoopback(String registered, String requested) {
        Matcher known = LOOPBACK.matcher(registered);
        Matcher asked = LOOPBACK.matcher(requested);
        return known.matches()
                && asked.matches()
                && known.group(1).equals(asked.group(1))
                && pathOf(known).equals(pathOf(asked));
    }

    private static String pathOf(Matcher uri) {
        return uri.group(2) == null ? "" : uri.group(2);
    }
}
