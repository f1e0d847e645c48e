package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.domain.ExternalUrl;
import io.postern.domain.TenantId;
import io.postern.domain.publish.LinkTranslation;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.exchange.UrlMaps;
import io.postern.translate.FieldTranslation;
import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import io.postern.translate.PolicyField;
import io.postern.translate.SetCookieField;
import io.postern.translate.UrlMap;
import io.postern.translate.UrlMap.Mapping;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    private static final List<AsciiString> POLICIES = List.of(
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            AsciiString.cached("content-security-policy-report-only"),
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN,
            AsciiString.cached("timing-allow-origin"));

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
        Mapping here = own.get().atExternalHost(route.host().value());
        return Optional.of(new Translation(
                here,
                translates ? Optional.of(new FieldTranslation(map, here)) : Optional.empty(),
                application
                        .publishing()
                        .map(p -> p.settings().links())
                        .filter(LinkTranslation::enabled)
                        .map(links -> new LinkRules(map, here, places(links), Optional.empty()))));
    }

    private static Set<LinkPlace> places(LinkTranslation links) {
        var places = EnumSet.of(LinkPlace.ATTRIBUTE, LinkPlace.STYLE);
        for (LinkTranslation.Extra extra : links.extras()) {
            places.add(
                    switch (extra) {
                        case SCRIPTS -> LinkPlace.SCRIPT;
                        case JSON -> LinkPlace.JSON;
                        case SRCSET -> LinkPlace.SRCSET;
                        case XML -> LinkPlace.XML;
                        case POLICIES -> LinkPlace.POLICY;
                        case PERCENT_ENCODED -> LinkPlace.PERCENT_ENCODED;
                    });
        }
        return places;
    }

    /// @param fields empty where the backend is to know itself by its external URL
    /// @param links empty where bodies stay as they are (BODY-1)
    record Translation(Mapping own, Optional<FieldTranslation> fields, Optional<LinkRules> links) {
        /// A request's fields, in place.
        void inward(Http2Headers head) {
            if (links.isPresent()) {
                BodyEncoding.narrow(head);
            }
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
            links.filter(rules -> rules.translates(LinkPlace.POLICY)).ifPresent(rules -> policies(rules, head));
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

        /// What translates an answer's body; empty where it stays as it is. Changes the head in place.
        Optional<AnswerBody> body(Http2Headers head, boolean bodyless) {
            return links.flatMap(rules -> AnswerBodies.of(head, bodyless, rules));
        }

        private static void policies(LinkRules rules, Http2Headers head) {
            for (AsciiString name : POLICIES) {
                if (head.contains(name)) {
                    List<CharSequence> values = head.getAllAndRemove(name);
                    values.forEach(v -> head.add(name, PolicyField.outward(v.toString(), rules)));
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
