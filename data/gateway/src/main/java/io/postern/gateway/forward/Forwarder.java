package io.postern.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.OwnHost;
import io.postern.domain.event.Cause;
import io.postern.domain.snapshot.Place;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.admit.CrossOrigin;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.signon.OnwardFields;
import io.postern.gateway.upstream.Doors;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.accept.TunnelRegistry;
import java.util.Map;
import java.util.Optional;

/// Sends admitted exchanges on their way, and nothing else: it takes the proof of admission only.
/// One for all event loops; thread-safe.
public final class Forwarder {
    private final TunnelRegistry tunnels;
    private final Doors doors;
    private final ErrorPages pages;
    private final LinkBook links;

    public Forwarder(TunnelRegistry tunnels, Doors doors, ErrorPages pages, LinkBook links) {
        this.links = links;
        this.tunnels = tunnels;
        this.doors = doors;
        this.pages = pages;
    }

    /// On the exchange's loop, once.
    ///
    /// @param onward what goes along because of who asks
    public void forward(Exchange exchange, Admitted admitted, Translations translations, OnwardFields onward) {
        switch (admitted.route()) {
            case Route.Own own -> toDoor(exchange, admitted, own.host());
            case Route.Published published -> toApplication(exchange, admitted, published, translations, onward);
            case Route.Reserved reserved -> fault(exchange);
            case Route.Nowhere nowhere -> fault(exchange);
            case Route.Misdirected misdirected -> fault(exchange);
            case Route.Refused refused -> fault(exchange);
        }
    }

    private void toApplication(
            Exchange exchange,
            Admitted admitted,
            Route.Published route,
            Translations translations,
            OnwardFields onward) {
        switch (route.application().upstream()) {
            case Upstream.Local local -> toDoor(exchange, admitted, local.host());
            case Upstream.ConnectorGroup to -> toTunnel(exchange, admitted, route, to.group(), translations, onward);
        }
    }

    private void toTunnel(
            Exchange exchange,
            Admitted admitted,
            Route.Published route,
            ConnectorGroupId group,
            Translations translations,
            OnwardFields onward) {
        Optional<Place.Inside> inside = route.place().inside();
        Optional<Translations.Translation> translation = translations.of(route);
        if (inside.isEmpty() || translation.isEmpty()) {
            fault(exchange);
            return;
        }
        CrossOrigin page = CrossOrigin.of(exchange.head(), route);
        boolean expectsContinue = Relay.expectsContinue(exchange.head().fields());
        String backend = inside.get().backend().id();
        String host = inside.get().url().host();
        Optional<Affinity.Bond> bond = Affinity.bond(exchange, route, backend + "/" + host);
        Http2Headers head = RequestFields.toBackend(exchange, admitted, route, inside.get(), onward);
        bond.ifPresent(b -> head.set(TunnelProtocol.AFFINITY, b.id()));
        translation.get().inward(head);
        Optional<AnswerLinks> answerLinks = translation
                .get()
                .links(
                        new AnswerLinks.Place(
                                route.application().appId(), exchange.head().target()),
                        links);
        answerLinks.ifPresent(l -> l.inward(head));
        exchange.tap().toBackend(head);
        var way = new TunnelWay(tunnels, group, backend, exchange.loop(), bond);
        Map<String, String> added = route.application()
                .publishing()
                .map(p -> p.settings().fields().added())
                .orElse(Map.of());
        boolean webSocket = exchange.head().webSocket();
        var outward = new Relay.Translation() {
            @Override
            public void head(Http2Headers fields) {
                answerLinks.ifPresent(l -> l.policies(fields));
                translation.get().outward(fields);
                page.outward(fields);
                if (!added.isEmpty()) {
                    ResponseFields.add(fields, added);
                }
            }

            @Override
            public void trailers(Http2Headers fields) {
                ReservedFields.removeFrom(fields, onward.reserved());
            }

            @Override
            public Optional<AnswerBody> body(Http2Headers fields, boolean bodyless) {
                return webSocket ? Optional.empty() : answerLinks.flatMap(l -> l.body(fields, bodyless));
            }

            @Override
            public boolean needsHttp1(Http2Headers fields) {
                return Affinity.needsHttp1(route, fields);
            }

            @Override
            public void onPassing(ByteBuf content) {
                answerLinks.ifPresent(l -> l.onPassing(content));
            }

            @Override
            public void close() {
                answerLinks.ifPresent(AnswerLinks::close);
            }
        };
        new Relay(exchange, head, expectsContinue, way, outward, pages).start();
    }

    private void toDoor(Exchange exchange, Admitted admitted, OwnHost door) {
        if (exchange.head().webSocket()) {
            exchange.answer(pages.page(Cause.NOT_IMPLEMENTED, exchange.head(), exchange.facts()));
            return;
        }
        boolean expectsContinue = Relay.expectsContinue(exchange.head().fields());
        Http2Headers head = RequestFields.toDoor(exchange, admitted);
        var way = new DoorWay(doors, door, exchange.loop());
        new Relay(exchange, head, expectsContinue, way, fields -> {}, pages).start();
    }

    /// Cannot be: admission never lets these through.
    private void fault(Exchange exchange) {
        exchange.answer(pages.page(Cause.INTERNAL, exchange.head(), exchange.facts()));
    }
}
