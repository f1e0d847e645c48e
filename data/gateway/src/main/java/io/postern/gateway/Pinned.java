package io.postern.gateway;

import io.postern.domain.AppId;
import io.postern.domain.snapshot.Backend;
import io.postern.domain.snapshot.Place;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.edge.Certificates;
import io.postern.gateway.exchange.Verifiers;
import io.postern.gateway.forward.Translations;
import io.postern.gateway.intake.Throttles;
import io.postern.gateway.route.Router;
import io.postern.token.JwtVerifier;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.BackendTlsSettings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A snapshot with everything that is derived from it, built once per change, off the event loops, and
/// pinned to each exchange: one request never sees two configurations. Immutable.
record Pinned(
        Snapshot snapshot,
        Router router,
        JwtVerifier verifier,
        Certificates certificates,
        Translations translations,
        Throttles throttles,
        Map<AppId, PublishedApplication> applications,
        Map<String, BackendList> backends) {

    static Pinned of(Snapshot snapshot, int publicPort, Optional<Pinned> before) {
        Map<AppId, PublishedApplication> applications = snapshot.applications().stream()
                .collect(Collectors.toUnmodifiableMap(PublishedApplication::appId, a -> a, (a, b) -> a));
        return new Pinned(
                snapshot,
                new Router(snapshot),
                Verifiers.of(snapshot),
                Certificates.of(snapshot, before.map(Pinned::certificates)),
                new Translations(snapshot, publicPort),
                Throttles.of(snapshot, before.map(Pinned::throttles)),
                applications,
                backends(snapshot));
    }

    private static Map<String, BackendList> backends(Snapshot snapshot) {
        var byGroup = new HashMap<String, Map<String, BackendSettings>>();
        for (PublishedApplication application : snapshot.applications()) {
            if (application.upstream() instanceof Upstream.ConnectorGroup group) {
                var byId = byGroup.computeIfAbsent(group.group().value(), g -> new LinkedHashMap<>());
                for (Place place : application.places()) {
                    place.inside()
                            .map(Place.Inside::backend)
                            .ifPresent(backend -> byId.putIfAbsent(backend.id(), settings(backend)));
                }
            }
        }
        var lists = new HashMap<String, BackendList>();
        byGroup.forEach((group, byId) -> lists.put(group, new BackendList(snapshot.version(), byId)));
        return Map.copyOf(lists);
    }

    private static BackendSettings settings(Backend backend) {
        return new BackendSettings(
                backend.id(),
                backend.url().scheme(),
                backend.url().host(),
                backend.url().port(),
                new BackendTlsSettings(
                        backend.tls().validate(),
                        backend.tls().pins(),
                        backend.tls().serverName(),
                        backend.tls().clientCertificate(),
                        backend.tls().http2()),
                backend.times().firstByte(),
                backend.times().webSocketIdle());
    }
}
