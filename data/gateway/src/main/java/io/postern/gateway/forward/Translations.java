package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.domain.ExternalUrl;
import io.postern.domain.TenantId;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.exchange.UrlMaps;
import io.postern.translate.FieldTranslation;
import io.postern.translate.SetCookieField;
import io.postern.translate.UrlMap;
import io.postern.translate.UrlMap.Mapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How fields change between inside and outside, for every application of a snapshot (1.9, CK-2).
/// Immutable; built once per snapshot.
public final class Translations {
    private static final List<AsciiString> INWARD =
            List.of(HttpHeaderNames.ORIGIN, HttpHeaderNames.REFERER, AsciiString.cached("destination"));
    private static final List<AsciiString> OUTWARD = List.of(
            HttpHeaderNames.LOCATION,
            HttpHeaderNames.CONTENT_LOCATION,
            AsciiString.cached("refresh"),
            AsciiString.cached("link"),
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN);

    private final Map<TenantId, UrlMap> maps = new HashMap<>();
    private final int publicPort;

    public Translations(Snapshot snapshot, int publicPort) {
        this.publicPort = publicPort;
        snapshot.applications().stream()
                .map(PublishedApplication::tenant)
                .distinct()
                .forEach(tenant -> maps.put(tenant, UrlMaps.of(snapshot, tenant, publicPort)));
    }

    /// What is done to the fields of one exchange. Empty where nothing is inside.
    Optional<Translation> of(Route.Published route) {
        PublishedApplication application = route.application();
        UrlMap map = maps.get(application.tenant());
        ExternalUrl outside = route.place().showsAlternate() ? route.place().shown() : application.externalUrl();
        Optional<Mapping> own = UrlMaps.mapping(route.place(), outside, publicPort);
        if (map == null || own.isEmpty()) {
            return Optional.empty();
        }
        boolean translates = application
                .publishing()
                .filter(p -> p.settings().fields().translate())
                .isPresent();
        return Optional.of(new Translation(
                own.get(), translates ? Optional.of(new FieldTranslation(map, own.get())) : Optional.empty()));
    }

    /// @param fields empty where the backend is to know itself by its external URL
    record Translation(Mapping own, Optional<FieldTranslation> fields) {
        /// A request's fields, in place.
        void inward(Http2Headers head) {
            if (fields.isEmpty()) {
                return;
            }
            for (AsciiString name : INWARD) {
                CharSequence value = head.get(name);
                if (value != null) {
                    head.set(name, fields.get().inward(name.toString(), value));
                }
            }
        }

        /// An answer's fields, in place.
        void outward(Http2Headers head) {
            cookies(head);
            if (fields.isEmpty()) {
                return;
            }
            for (AsciiString name : OUTWARD) {
                if (head.contains(name)) {
                    List<CharSequence> values = head.getAllAndRemove(name);
                    values.forEach(v -> head.add(name, fields.get().outward(name.toString(), v)));
                }
            }
        }

        private void cookies(Http2Headers head) {
            if (!head.contains(HttpHeaderNames.SET_COOKIE)) {
                return;
            }
            for (CharSequence cookie : head.getAllAndRemove(HttpHeaderNames.SET_COOKIE)) {
                SetCookieField.outward(cookie, own, fields.isPresent())
                        .ifPresent(kept -> head.add(HttpHeaderNames.SET_COOKIE, kept));
            }
        }
    }
}
