package io.postern.domain.health;

import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.Place;
import java.util.Optional;

/// What of a publication a probe depends on: another value means another question.
///
/// @param backend id of the backend with its settings
/// @param path of the internal URL
/// @param host for the `Host` field, without the public port
public record ProbeTarget(String backend, String path, String host) {
    /// Of an ordinary application its own URL, of a complex one the first segment's. Empty for a wildcard, which
    /// has no host to ask.
    public static Optional<ProbeTarget> of(Publishing publishing) {
        Place place = Place.of(publishing).getFirst();
        if (place.isWildcard()) {
            return Optional.empty();
        }
        Place.Inside inside = place.inside().orElseThrow();
        return Optional.of(new ProbeTarget(
                inside.backend().id(),
                inside.url().path(),
                publishing.settings().fields().translate()
                        ? inside.url().authority()
                        : place.externalUrl().host().toString()));
    }
}
