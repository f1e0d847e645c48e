package io.postern.admin.publish;

import io.postern.domain.AppId;
import io.postern.domain.ExternalDoor;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where an application awaits an identity provider's answers on its own external host: reply URLs of its SAML
/// sign-on and redirect URIs of its registration. Those that publishing itself has put there are ours, and get
/// none.
final class ReplyPaths {
    private ReplyPaths() {}

    static Set<String> of(Application application, Publishing publishing, Map<AppId, SamlSignOn> signOns) {
        Stream<String> assertions = Optional.ofNullable(signOns.get(application.appId())).stream()
                .flatMap(on -> on.replyUrls().stream())
                .map(ReplyUrl::url);
        String own = publishing.externalUrl().toString();
        Stream<String> redirects = application.redirectUris().stream().filter(uri -> !isOwn(uri, own));
        return Stream.concat(assertions, redirects)
                .flatMap(url -> path(url, publishing).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isOwn(String uri, String external) {
        return uri.equals(external) || uri.contains(ExternalDoor.RESERVED);
    }

    private static Optional<String> path(String url, Publishing publishing) {
        try {
            URI uri = URI.create(url);
            String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            boolean isHere = host.equals(publishing.externalUrl().host().value())
                    && path.startsWith(publishing.externalUrl().path());
            return isHere ? Optional.of(path) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // of a native application, perhaps: no place of ours
        }
    }
}
