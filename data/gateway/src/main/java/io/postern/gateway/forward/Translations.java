package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.domain.AppId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.TenantId;
import io.postern.domain.publish.LinkTranslation;
import io.postern.domain.snapshot.Place;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.exchange.UrlMaps;
import io.postern.translate.FieldTranslation;
import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
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
/// Immutable; built once per snapshot, and not per request.
public final class Translations {
    private static final List<AsciiString> INWARD =
            List.of(HttpHeaderNames.ORIGIN, HttpHeaderNames.REFERER, AsciiString.cached("destination"));
    private static final List<AsciiString> OUTWARD = List.of(
            HttpHeaderNames.LOCATION,
            HttpHeaderNames.CONTENT_LOCATION,
            AsciiString.cached("refresh"),
            AsciiString.cached("link"),
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN);

    /// One way into a place.
    ///
    /// @param outside the external URL that links name
    private record Entrance(AppId application, ExternalUrl outside, InternalUrl inside) {}

    private final Map<TenantId, UrlMap> maps = new HashMap<>();
    /// Ready made, but for wildcards: there each host has its own.
    private final Map<Entrance, Optional<Translation>> ofNamedHosts = new HashMap<>();
    private final int publicPort;

    public Translations(Snapshot snapshot, int publicPort) {
        this.publicPort = publicPort;
        snapshot.applications().stream()
                .map(PublishedApplication::tenant)
                .distinct()
                .forEach(tenant -> maps.put(tenant, UrlMaps.of(snapshot, tenant, publicPort)));
        for (PublishedApplication application : snapshot.applications()) {
            for (Place place : application.places()) {
                enter(application, place, place.externalUrl());
                place.alternateUrl().ifPresent(url -> enter(application, place, url));
            }
        }
    }

    private void enter(PublishedApplication application, Place place, ExternalUrl entrance) {
        ExternalUrl outside = outside(place, entrance);
        if (place.inside().isPresent() && !outside.host().isWildcard()) {
            var way = new Entrance(
                    application.appId(), outside, place.inside().get().url());
            ofNamedHosts.computeIfAbsent(
                    way,
                    w -> translation(application, place, outside, outside.host().value()));
        }
    }

    private static ExternalUrl outside(Place place, ExternalUrl entrance) {
        return place.showsAlternate() ? place.shown() : entrance;
    }

    /// What is done to the fields of one exchange. Empty where nothing is inside.
    Optional<Translation> of(Route.Published route) {
        PublishedApplication application = route.application();
        Place place = route.place();
        if (place.inside().isEmpty()) {
            return Optional.empty();
        }
        ExternalUrl outside = outside(place, application.externalUrl());
        Optional<Translation> ready = ofNamedHosts.get(
                new Entrance(application.appId(), outside, place.inside().get().url()));
        return ready != null
                ? ready
                : translation(application, place, outside, route.host().value());
    }

    /// @param host that users see
    private Optional<Translation> translation(
            PublishedApplication application, Place place, ExternalUrl outside, String host) {
        UrlMap map = maps.get(application.tenant());
        Optional<Mapping> own = UrlMaps.mapping(place, outside, publicPort);
        if (map == null || own.isEmpty()) {
            return Optional.empty();
        }
        boolean translates = application
                .publishing()
                .filter(p -> p.settings().fields().translate())
                .isPresent();
        Mapping here = own.get().atExternalHost(host);
        LinkTranslation links =
                application.publishing().map(p -> p.settings().links()).orElse(LinkTranslation.OFF);
        return Optional.of(new Translation(
                here,
                translates ? Optional.of(new FieldTranslation(map, here)) : Optional.empty(),
                new LinkRules(map, here, places(links), Optional.empty()),
                links.enabled()));
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
    /// @param rules of links in bodies, whether they are in force or not
    /// @param translatesLinks false: bodies stay as they are (BODY-1)
    record Translation(Mapping own, Optional<FieldTranslation> fields, LinkRules rules, boolean translatesLinks) {
        /// Of one exchange; empty where nothing happens to its links and nobody looks.
        Optional<AnswerLinks> links(AnswerLinks.Place place, LinkBook book) {
            Optional<LinkRecording> recording = book.running(place.application());
            return translatesLinks || recording.isPresent()
                    ? Optional.of(new AnswerLinks(rules, translatesLinks, place, book, recording))
                    : Optional.empty();
        }

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
