package io.postern.admin.service;

import io.postern.domain.ExternalDoor;
import io.postern.domain.ExternalUrl;
import io.postern.domain.PreAuthentication;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.Publishing;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;

/// The parts of a registration that follow from what is published, and that nobody edits by hand (APP-1).
final class ManagedParts {
    private ManagedParts() {}

    /// The registration with the parts that follow from publishing brought up to date; what the
    /// administrator added stays.
    static Application published(Application old, Optional<Publishing> publishing) {
        Set<String> before = redirects(old.publishing());
        var redirects = new ArrayList<>(redirects(publishing));
        old.redirectUris().stream()
                .filter(uri -> !before.contains(uri) && !redirects.contains(uri))
                .forEach(redirects::add);
        Optional<String> oldIdentifier = old.publishing().map(ManagedParts::identifier);
        Optional<String> identifier = publishing.map(ManagedParts::identifier);
        var identifiers = new ArrayList<>(identifier.stream().toList());
        old.identifierUris().stream()
                .filter(uri -> !oldIdentifier.equals(Optional.of(uri)) && !identifiers.contains(uri))
                .forEach(identifiers::add);
        // PUB-15: a later edit of the external URL resets the home page
        boolean moved = !old.publishing().map(Publishing::externalUrl).equals(publishing.map(Publishing::externalUrl));
        Optional<String> home =
                moved && (old.publishing().isPresent() || old.homePageUrl().isEmpty())
                        ? publishing
                                .map(Publishing::externalUrl)
                                .filter(url -> !url.host().isWildcard())
                                .map(ExternalUrl::toString)
                        : old.homePageUrl();
        return new Application(
                old.tenant(),
                old.id(),
                old.appId(),
                old.displayName(),
                identifiers,
                redirects,
                home,
                publishing,
                old.group(),
                old.publicClient(),
                old.system(),
                old.created(),
                old.appRoles());
    }

    static Set<String> redirects(Optional<Publishing> publishing) {
        return publishing
                .filter(p -> p.preAuthentication() == PreAuthentication.POSTERN) // APP-3
                .filter(p -> !p.externalUrl().host().isWildcard()) // the provider asks the publication
                .map(p -> Set.of("https://" + p.externalUrl().host() + ExternalDoor.CALLBACK))
                .orElse(Set.of());
    }

    private static String identifier(Publishing publishing) {
        String url = publishing.externalUrl().toString();
        return url.substring(0, url.length() - 1);
    }
}
