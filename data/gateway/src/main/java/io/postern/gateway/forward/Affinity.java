package io.postern.gateway.forward;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.AttributeKey;
import io.postern.domain.PreAuthentication;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Route;
import io.postern.tunnel.Tunnel;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who signs in by NTLM does so on a connection, and everything that follows on it counts as his (MS-NLMP,
/// RFC 4559). So a client's HTTP/1.1 connection on which somebody began to gets a connection to the backend that
/// nobody else gets, through one tunnel, for as long as both last. Passthrough applications only: elsewhere we
/// know users by session, and one connection may carry several.
///
/// One for each client's connection, made when the first request signs in; confined to its loop.
final class Affinity {
    private static final AttributeKey<Affinity> KEY = AttributeKey.valueOf("affinity");
    private static final AsciiString NTLM = AsciiString.cached("NTLM");
    private static final AsciiString NEGOTIATE = AsciiString.cached("Negotiate");
    private static final AsciiString NEGOTIATE_WITH_TOKEN = AsciiString.cached("Negotiate ");
    private static final SecureRandom RANDOM = new SecureRandom();

    /// One client's connection and one backend.
    record Bond(Affinity of, String backend) {
        String id() {
            return of.id;
        }

        /// Through which the exchanges before went.
        Optional<Tunnel> tunnel() {
            return Optional.ofNullable(of.tunnels.get(backend));
        }

        void onTunnel(Tunnel tunnel) {
            of.tunnels.put(backend, tunnel);
        }
    }

    private final String id;
    private final Map<String, Tunnel> tunnels = new HashMap<>();

    private Affinity() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        id = HexFormat.of().formatHex(random);
    }

    /// @param backend its id and, where that is a wildcard, the host
    static Optional<Bond> bond(Exchange exchange, Route.Published route, String backend) {
        Channel client = exchange.client();
        @Nullable Affinity known = client.attr(KEY).get();
        boolean begins = known == null && signsIn(exchange.head().fields());
        if (!mayBond(exchange, route) || (known == null && !begins)) {
            return Optional.empty();
        }
        if (known == null) {
            known = new Affinity();
            client.attr(KEY).set(known);
        } else if (!known.tunnels.containsKey(backend)
                && !signsIn(exchange.head().fields())) {
            return Optional.empty(); // signed in at another application
        }
        return Optional.of(new Bond(known, backend));
    }

    /// Not in HTTP/2, where requests of one connection have nothing to do with each other, nor behind a proxy that
    /// sends several clients' requests over one connection.
    private static boolean mayBond(Exchange exchange, Route.Published route) {
        return route.application().preAuthentication() == PreAuthentication.PASSTHROUGH
                && !exchange.isHttp2()
                && exchange.facts().address().equals(exchange.connection().address());
    }

    private static boolean signsIn(Http2Headers fields) {
        return has(fields, HttpHeaderNames.AUTHORIZATION, NTLM)
                || has(fields, HttpHeaderNames.AUTHORIZATION, NEGOTIATE);
    }

    /// The backend wants a sign-in on the connection itself, which is only possible in HTTP/1.1: NTLM, or
    /// Negotiate in several steps. Negotiate without a token may be answered by one ticket of Kerberos.
    static boolean needsHttp1(Route.Published route, Http2Headers answer) {
        return route.application().preAuthentication() == PreAuthentication.PASSTHROUGH
                && "401".contentEquals(answer.status())
                && (has(answer, HttpHeaderNames.WWW_AUTHENTICATE, NTLM)
                        || has(answer, HttpHeaderNames.WWW_AUTHENTICATE, NEGOTIATE_WITH_TOKEN));
    }

    private static boolean has(Http2Headers fields, CharSequence name, AsciiString scheme) {
        List<CharSequence> values = fields.getAll(name);
        for (int i = 0; i < values.size(); i++) {
            if (AsciiString.regionMatches(values.get(i), true, 0, scheme, 0, scheme.length())) {
                return true;
            }
        }
        return false;
    }
}
