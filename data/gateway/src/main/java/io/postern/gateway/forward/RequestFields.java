package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.domain.DoorFields;
import io.postern.domain.InternalUrl;
import io.postern.domain.policy.Subject;
import io.postern.domain.publish.FieldSettings;
import io.postern.domain.publish.FieldSettings.Forwarded;
import io.postern.domain.snapshot.Place;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.signon.OnwardFields;
import io.postern.translate.ReservedCookies;
import io.postern.tunnel.TunnelProtocol;
import java.util.List;
import java.util.Optional;

/// Makes the head that travels on out of the head that came: in place, since the exchange owns it.
/// Hop-by-hop fields went at the edge; this removes what strangers may not say and adds what we say.
final class RequestFields {
    private static final AsciiString CONNECT = AsciiString.cached("CONNECT");

    private RequestFields() {}

    /// For a backend behind a tunnel.
    static Http2Headers toBackend(
            Exchange exchange, Admitted admitted, Route.Published route, Place.Inside inside, OnwardFields onward) {
        RequestHead head = exchange.head();
        Http2Headers fields = head.fields();
        clean(fields, admitted);
        ReservedFields.removeFrom(fields, onward.reserved());
        removeOurCookies(fields);
        FieldSettings settings =
                route.application().publishing().map(p -> p.settings().fields()).orElse(FieldSettings.DEFAULT);
        ForwardedFields.set(fields, exchange, settings.forwarded());
        InternalUrl url = inside.url();
        start(fields, head, settings.translate() ? url.authority() : head.authority(), url.scheme());
        String target = inside(head.target(), route.application().externalUrl().path(), url.path());
        fields.path(target);
        onward.addTo(fields, target);
        fields.set(TunnelProtocol.BACKEND, inside.backend().id());
        if (inside.backend().url().isWildcard()) {
            fields.set(TunnelProtocol.HOST, url.host());
        }
        fields.set(TunnelProtocol.EXCHANGE, exchange.facts().exchangeId());
        return fields;
    }

    /// For a door of the control plane.
    static Http2Headers toDoor(Exchange exchange, Admitted admitted) {
        RequestHead head = exchange.head();
        ClientFacts facts = exchange.facts();
        Http2Headers fields = head.fields();
        clean(fields, admitted);
        ForwardedFields.set(fields, exchange, Forwarded.ALL);
        start(fields, head, head.authority(), "http");
        fields.path(head.target());
        fields.set(DoorFields.CLIENT_ADDRESS, facts.address());
        fields.set(DoorFields.EXCHANGE, facts.exchangeId());
        fields.set(DoorFields.ORIGIN, "https://" + head.authority());
        if (exchange.connection().enrolling()) {
            fields.set(DoorFields.DOOR, DoorFields.ENROLL);
            exchange.connection()
                    .connectorCertificate()
                    .ifPresent(fingerprint -> fields.set(DoorFields.CLIENT_CERTIFICATE, fingerprint));
        }
        if (admitted.subject().isPresent()) {
            Subject subject = admitted.subject().get();
            String session = subject.session().map(Object::toString).orElse("");
            fields.set(DoorFields.SUBJECT, subject.tenant() + "/" + subject.user() + "/" + session);
        }
        return fields;
    }

    private static void clean(Http2Headers fields, Admitted admitted) {
        ReservedFields.removeFrom(fields);
        fields.remove(HttpHeaderNames.EXPECT); // answered by us once the way is open
        if (admitted.bearerConsumed()) {
            fields.remove(HttpHeaderNames.AUTHORIZATION);
        }
    }

    /// Every other byte stays as it was sent: backends differ in what they take for a cookie.
    private static void removeOurCookies(Http2Headers fields) {
        List<CharSequence> cookies = fields.getAll(HttpHeaderNames.COOKIE);
        if (cookies.isEmpty()) {
            return;
        }
        CharSequence sent = cookies.size() == 1 ? cookies.getFirst() : String.join("; ", cookies);
        Optional<CharSequence> kept = ReservedCookies.removed(sent);
        if (kept.isEmpty()) {
            fields.remove(HttpHeaderNames.COOKIE);
        } else {
            fields.set(HttpHeaderNames.COOKIE, kept.get());
        }
    }

    private static void start(Http2Headers fields, RequestHead head, CharSequence authority, String scheme) {
        fields.scheme(scheme).authority(authority);
        if (head.webSocket()) {
            fields.method(CONNECT).set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), TunnelProtocol.WEBSOCKET);
        } else {
            fields.method(head.method());
        }
    }

    /// Swaps the published folder for the internal one; what lies below stays byte for byte.
    static String inside(String target, String external, String internal) {
        if (external.equals(internal)) {
            return target;
        }
        if (target.startsWith(external)) {
            return internal + target.substring(external.length());
        }
        // the folder itself, asked for without its slash
        int folder = external.length() - 1;
        return internal.substring(0, internal.length() - 1) + target.substring(folder);
    }
}
