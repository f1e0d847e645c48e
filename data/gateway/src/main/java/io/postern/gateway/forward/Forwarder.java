package io.postern.gateway.forward;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.OwnHost;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.upstream.Doors;
import io.postern.tunnel.accept.TunnelRegistry;
import java.util.Map;
import java.util.function.Consumer;

/// Sends admitted exchanges on their way, and nothing else: it takes the proof of admission only.
/// One for all event loops; thread-safe.
public final class Forwarder {
    private final TunnelRegistry tunnels;
    private final Doors doors;
    private final ErrorPages pages;

    public Forwarder(TunnelRegistry tunnels, Doors doors, ErrorPages pages) {
        this.tunnels = tunnels;
        this.doors = doors;
        this.pages = pages;
    }

    /// On the exchange's loop, once.
    public void forward(Exchange exchange, Admitted admitted, Translations translations) {
        switch (admitted.route()) {
            case Route.Own own -> toDoor(exchange, admitted, own.host());
            case Route.Published published -> toApplication(exchange, admitted, published.application(), translations);
            case Route.Nowhere nowhere -> fault(exchange);
            case Route.Misdirected misdirected -> fault(exchange);
            case Route.Refused refused -> fault(exchange);
        }
    }

    private void toApplication(
            Exchange exchange, Admitted admitted, PublishedApplication application, Translations translations) {
        switch (application.upstream()) {
            case Upstream.Local local -> toDoor(exchange, admitted, local.host());
            case Upstream.ConnectorGroup group -> toTunnel(exchange, admitted, application, group, translations);
        }
    }

    private void toTunnel(
            Exchange exchange,
            Admitted admitted,
            PublishedApplication application,
            Upstream.ConnectorGroup group,
            Translations translations) {
        if (application.publishing().isEmpty()) {
            fault(exchange);
            return;
        }
        Publishing publishing = application.publishing().get();
        boolean expectsContinue = Relay.expectsContinue(exchange.head().fields());
        Http2Headers head =
                RequestFields.toBackend(exchange, admitted, application.externalUrl(), publishing, group.backend());
        translations.inward(application.appId(), head);
        Map<String, String> added = publishing.settings().fields().added();
        Consumer<Http2Headers> translation = fields -> {
            translations.outward(application.appId(), fields);
            if (!added.isEmpty()) {
                ResponseFields.add(fields, added);
            }
        };
        var way = new TunnelWay(tunnels, group, exchange.loop());
        new Relay(exchange, head, expectsContinue, way, translation, pages).start();
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
