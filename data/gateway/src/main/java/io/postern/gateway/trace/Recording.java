package io.postern.gateway.trace;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.postern.domain.event.Traced;
import io.postern.domain.event.Traced.Field;
import io.postern.domain.event.Traced.Side;
import io.postern.domain.snapshot.Trace;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Tap;
import io.postern.tunnel.TunnelProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is recorded of one exchange. Nothing is kept that is not blanked. Confined to the exchange's loop.
final class Recording implements Tap {
    /// Of one head; further fields are counted only.
    private static final int CHARACTERS_MAX = 16 * 1024;

    private final Trace trace;
    private final Blanking blanking;
    private final String httpVersion;
    private final boolean webSocket;
    private final String url;
    private final List<Field> fromClient;
    private final int missedBefore;
    private Optional<String> backendUrl = Optional.empty();
    private List<Field> toBackend = List.of();
    private List<Field> fromBackend = List.of();
    private List<Field> toClient = List.of();
    private int backendStatus;
    private long backendBytes;
    private boolean told;

    /// @param exchange whose head is still as it came
    Recording(Trace trace, Exchange exchange, int missedBefore) {
        this.trace = trace;
        this.missedBefore = missedBefore;
        this.blanking = new Blanking(trace.markKey());
        this.httpVersion = exchange.client() instanceof Http2StreamChannel ? "HTTP/2" : "HTTP/1.1";
        this.webSocket = exchange.head().webSocket();
        this.url = blanking.url(
                scheme("https") + exchange.head().authority() + exchange.head().target());
        this.fromClient = copy(exchange.head().fields());
    }

    @Override
    public void toBackend(Http2Headers head) {
        backendUrl = Optional.of(blanking.url(scheme(head.scheme()) + head.authority() + head.path()));
        toBackend = copy(head);
    }

    @Override
    public void fromBackend(Http2Headers head) {
        backendStatus = Integer.parseInt(head.status().toString());
        fromBackend = copy(head);
    }

    @Override
    public void bodyFromBackend(int bytes) {
        backendBytes += bytes;
    }

    @Override
    public void toClient(Http2Headers head) {
        toClient = copy(head);
    }

    private String scheme(CharSequence http) {
        return (webSocket ? http.toString().replaceFirst("http", "ws") : http) + "://";
    }

    private List<Field> copy(Http2Headers head) {
        var fields = new ArrayList<Field>();
        int characters = 0;
        int left = 0;
        for (Map.Entry<CharSequence, CharSequence> field : head) {
            String name = field.getKey().toString();
            if (name.startsWith(":") || name.startsWith(TunnelProtocol.FIELD_PREFIX.toString())) {
                continue; // between gateway and connector only
            }
            String value = blanking.field(name, field.getValue().toString());
            characters += name.length() + value.length();
            if (characters > CHARACTERS_MAX) {
                left++;
            } else {
                fields.add(new Field(name, value));
            }
        }
        if (left > 0) {
            fields.add(new Field("(left out)", left + " further fields"));
        }
        return fields;
    }

    /// Whether it was told before; a WebSocket is told of when it opens.
    boolean isTold() {
        return told;
    }

    Traced tell(Exchange exchange) {
        told = true;
        boolean open = !exchange.isDone();
        String method = exchange.head().method();
        long requestBytes = open ? -1 : exchange.requestBytes();
        var client = new Side(
                httpVersion,
                method,
                url,
                fromClient,
                requestBytes,
                exchange.status(),
                toClient,
                open ? -1 : exchange.responseBytes());
        Optional<Side> backend = backendUrl.map(inside -> new Side(
                "HTTP/1.1",
                method,
                inside,
                toBackend,
                requestBytes,
                backendStatus,
                fromBackend,
                open ? -1 : backendBytes));
        return new Traced(
                trace.id(),
                exchange.facts().exchangeId(),
                exchange.facts().now(),
                exchange.facts().address(),
                client,
                backend,
                exchange.connector(),
                exchange.cause(),
                exchange.stages(),
                missedBefore);
    }
}
