package io.postern.domain.health;

import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.Backend;

/// What of a publication a probe depends on: another value means another question.
///
/// @param backend id of the backend with its settings
/// @param path of the internal URL
/// @param host for the `Host` field, without the public port
public record ProbeTarget(String backend, String path, String host) {
    public static ProbeTarget of(Publishing publishing) {
        return new ProbeTarget(
                Backend.of(publishing).id(),
                publishing.internalUrl().path(),
                publishing.settings().fields().translate()
                        ? publishing.internalUrl().authority()
                        : publishing.externalUrl().host().toString());
    }
}
