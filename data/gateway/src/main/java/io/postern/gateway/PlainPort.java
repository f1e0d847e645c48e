package io.postern.gateway;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.PreAuthentication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.route.Authority;
import io.postern.gateway.route.Router;
import java.util.Optional;

/// What the port without TLS does: it answers ACME servers, lets through what is published with an http external
/// URL and passes through, and sends everybody else to https. Pure.
final class PlainPort {
    /// RFC 8555 §8.3.
    private static final String CHALLENGES = "/.well-known/acme-challenge/";

    private static final int HTTPS_PORT = 443;

    private PlainPort() {}

    /// Empty: the exchange goes on as on the other port.
    static Optional<Answer> answer(Exchange exchange, Snapshot snapshot) {
        RequestHead head = exchange.head();
        if (head.target().startsWith(CHALLENGES)) {
            Optional<String> text = snapshot.orderProofs()
                    .text(
                            Authority.canonicalHost(head.authority()),
                            head.target().substring(CHALLENGES.length()));
            if (text.isPresent()) {
                Http2Headers fields = new DefaultHttp2Headers();
                fields.set("content-type", "application/octet-stream")
                        .set("x-content-type-options", "nosniff")
                        .set("cache-control", "no-store");
                return Optional.of(new Answer(200, fields, text.get(), "order_proof", Optional.empty()));
            }
        }
        return switch (exchange.route()) {
            case Route.Published published when mayStayPlain(published) -> Optional.empty();
            case Route.Published published ->
                Optional.of(toHttps(head, published.host().value(), exchange));
            case Route.Reserved reserved ->
                Optional.of(toHttps(head, reserved.host().value(), exchange));
            case Route.Own own ->
                Optional.of(toHttps(head, own.host().label() + "." + snapshot.baseDomain(), exchange));
            // the pages that say so need no TLS
            case Route.Nowhere _, Route.Misdirected _, Route.Refused _ -> Optional.empty();
        };
    }

    /// What a request there is for: first what is published with http, then what it is to be redirected to.
    static Route route(Router router, RequestHead head) {
        Route plain = router.routePlain(head.authority(), head.target());
        return plain instanceof Route.Nowhere ? router.route(head.authority(), head.target(), host -> true) : plain;
    }

    static boolean mayStayPlain(Route.Published published) {
        return published.application().preAuthentication() == PreAuthentication.PASSTHROUGH
                && published.application().externalUrl().scheme().equals("http");
    }

    /// Permanent: 301 where every client knows it, 308 where the method must not change (RFC 9110 §15.4.9).
    private static Answer toHttps(RequestHead head, String host, Exchange exchange) {
        int port = exchange.facts().publicPort();
        boolean safe = head.method().equals("GET") || head.method().equals("HEAD");
        Http2Headers fields = new DefaultHttp2Headers();
        fields.set("location", "https://" + host + (port == HTTPS_PORT ? "" : ":" + port) + head.target());
        return new Answer(safe ? 301 : 308, fields, "", "redirected_to_https", Optional.empty());
    }
}
