package io.postern.gateway;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Verifiers;
import java.time.Instant;

/// Request heads and their surroundings for tests of decisions.
public final class Requests {
    public static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    public static final String EXCHANGE = "0123456789abcdef0123456789abcdef";

    private Requests() {}

    /// @param fields names and values in turn
    public static RequestHead head(String method, String target, String... fields) {
        return new RequestHead(method, "wiki.postern.test", target, fields(fields), false, false);
    }

    /// What a browser sends when a user goes to a page. Its `Sec-Fetch-Dest` is left out: see FragmentTest.
    public static RequestHead page(String target, String... fields) {
        RequestHead head = head("GET", target, fields);
        head.fields()
                .add("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
                .add("sec-fetch-mode", "navigate");
        return head;
    }

    public static Http2Headers fields(String... fields) {
        Http2Headers headers = new DefaultHttp2Headers(false); // as hostile as a test likes
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return headers;
    }

    public static ClientFacts client(Snapshot snapshot) {
        return client(snapshot, NOW);
    }

    public static ClientFacts client(Snapshot snapshot, Instant now) {
        return new ClientFacts("203.0.113.9", EXCHANGE, now, snapshot, Verifiers.of(snapshot), 8443);
    }
}
