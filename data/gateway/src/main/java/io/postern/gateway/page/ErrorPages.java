package io.postern.gateway.page;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestHead;

/// Makes the answer for a fault. Stateless and thread-safe.
public final class ErrorPages {
    public Answer page(ErrorKind kind, RequestHead head, ClientFacts client) {
        return page(kind, head, client, Remark.NONE);
    }

    public Answer page(ErrorKind kind, RequestHead head, ClientFacts client, Remark remark) {
        return new Answer(
                kind.status(),
                new DefaultHttp2Headers().set("cache-control", "no-store"),
                kind.text() + "\n" + client.exchangeId() + "\n",
                kind.outcome());
    }
}
