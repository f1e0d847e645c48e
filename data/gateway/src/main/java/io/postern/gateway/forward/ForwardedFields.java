package io.postern.gateway.forward;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import io.postern.domain.publish.FieldSettings.Forwarded;
import io.postern.gateway.exchange.Exchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What we say of the way that a request came on: `X-Forwarded-*` (1.9) and `Forwarded` (RFC 7239). The
/// texts for one client and host are made once and remembered by each loop, which also lets the tunnel's
/// header compression send them as a byte each.
record ForwardedFields(
        AsciiString peer, AsciiString authority, AsciiString proto, AsciiString port, AsciiString forwarded) {
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString FORWARDED_PORT = AsciiString.cached("x-forwarded-port");
    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final int HTTP_PORT = 80;

    /// About 400 bytes each.
    private static final int REMEMBERED_MAX = 1024;

    private record Key(String peer, String authority, boolean plain, int port) {}

    private static final FastThreadLocal<Map<Key, ForwardedFields>> REMEMBERED = new FastThreadLocal<>() {
        @Override
        protected Map<Key, ForwardedFields> initialValue() {
            return new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, ForwardedFields> eldest) {
                    return size() > REMEMBERED_MAX;
                }
            };
        }
    };

    /// On the exchange's loop. Whatever a client said in the other fields went before.
    static void set(Http2Headers fields, Exchange exchange, Forwarded which) {
        if (which == Forwarded.NONE) {
            fields.remove(FORWARDED_FOR);
            return;
        }
        var key = new Key(
                exchange.connection().address(),
                exchange.head().authority(),
                exchange.connection().plain(),
                exchange.connection().plain() ? HTTP_PORT : exchange.facts().publicPort());
        Map<Key, ForwardedFields> remembered = REMEMBERED.get();
        ForwardedFields ours = remembered.get(key);
        if (ours == null) {
            ours = of(key);
            remembered.put(key, ours);
        }
        ours.addTo(fields, which);
    }

    private static ForwardedFields of(Key key) {
        String node = key.peer.indexOf(':') >= 0 ? "\"[" + key.peer + "]\"" : key.peer; // RFC 7239 §6
        return new ForwardedFields(
                AsciiString.of(key.peer),
                AsciiString.of(key.authority),
                key.plain ? HTTP : HTTPS,
                AsciiString.of(Integer.toString(key.port)),
                AsciiString.of(
                        "for=" + node + ";host=\"" + key.authority + "\";proto=" + (key.plain ? "http" : "https")));
    }

    /// What the client said of its own way stays as the untrusted left part; all the rest is ours.
    private void addTo(Http2Headers fields, Forwarded which) {
        List<CharSequence> said = fields.getAll(FORWARDED_FOR);
        fields.set(FORWARDED_FOR, said.isEmpty() ? peer : String.join(", ", said) + ", " + peer);
        if (which == Forwarded.FOR_ONLY) {
            return;
        }
        fields.set(FORWARDED_HOST, authority);
        fields.set(FORWARDED_PROTO, proto);
        fields.set(FORWARDED_PORT, port);
        if (which == Forwarded.ALL) {
            fields.set(FORWARDED, forwarded);
        }
    }
}
