package io.postern.connector.serve;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// One exchange as counters and the Session log tell it (CNT-1, docs/operate/logs.md): gathered while it
/// passes, told once, at its end. Never the query, nor a field: those hold secrets. Confined to the stream's
/// event loop.
final class Transaction {
    private static final Logger SESSION = LoggerFactory.getLogger("connector.session");

    private final ServeMetrics metrics;
    private final long openedNanos = System.nanoTime();
    private String exchangeId = "-";
    private String method = "-";
    private String host = "-";
    private String path = "-";
    private @Nullable BackendSettings backend;
    private long askedNanos;
    private long waitedMicros = -1;
    private long connectMicros = -1;
    private long firstByteMicros = -1;
    private boolean isKept;
    private String protocol = "-";
    private long bytesToBackend;
    private long bytesFromBackend;
    private String user = "";
    private int status;
    private String end = "cut";
    private boolean isTold;

    Transaction(ServeMetrics metrics) {
        this.metrics = metrics;
    }

    void onRequest(String id, Http2Headers head, boolean isWebSocket) {
        exchangeId = id;
        if (SESSION.isInfoEnabled()) {
            method = isWebSocket ? "WEBSOCKET" : String.valueOf(head.method());
            host = String.valueOf(head.authority());
            path = withoutQuery(String.valueOf(head.path()));
        }
    }

    void onAsked(BackendSettings wanted) {
        backend = wanted;
        askedNanos = System.nanoTime();
    }

    /// A connection, or the right to dial one, is there.
    void onServed() {
        long waited = System.nanoTime() - askedNanos;
        waitedMicros = TimeUnit.NANOSECONDS.toMicros(waited);
        metrics.queueWaitSeconds.observe(waited / 1e9);
    }

    /// @param spoken as ALPN calls it
    /// @param micros what connecting took; -1: the connection was there
    void onConnection(String spoken, long micros) {
        protocol = spoken;
        connectMicros = micros;
        isKept = micros < 0;
    }

    /// The user is signed in at the backend.
    void onUser(String name) {
        user = name;
    }

    void onSent(int bytes) {
        bytesToBackend += bytes;
        metrics.requestBytes.inc(bytes);
    }

    void onReceived(int bytes) {
        bytesFromBackend += bytes;
        metrics.responseBytes.inc(bytes);
    }

    void onAnswer(int answered) {
        status = answered;
        firstByteMicros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - openedNanos);
    }

    /// It went as it should, whatever the status says.
    void onComplete() {
        end = "complete";
    }

    /// Ended by us, properly, since the connector stops.
    void onGraceOver() {
        end = "grace-over";
    }

    void onFailure(TunnelFailure failure) {
        status = failure.status();
        end = failure.wireName();
    }

    /// Call when nothing more can come; a second call does nothing.
    void tell() {
        if (isTold || !SESSION.isInfoEnabled()) {
            return;
        }
        isTold = true;
        LoggingEventBuilder line = SESSION.atInfo()
                .addKeyValue("exchange", exchangeId)
                .addKeyValue("method", method)
                .addKeyValue("host", host)
                .addKeyValue("path", path)
                .addKeyValue("backend", backend == null ? "-" : Backends.name(backend))
                .addKeyValue("status", status)
                .addKeyValue("end", end)
                .addKeyValue("connection", isKept ? "kept" : "new")
                .addKeyValue("protocol", protocol);
        line = user.isEmpty() ? line : line.addKeyValue("user", user).addKeyValue("event", EventIds.SIGNED_ON);
        line = micros(line, "waitMicros", waitedMicros);
        line = micros(line, "connectMicros", connectMicros);
        line = micros(line, "firstByteMicros", firstByteMicros);
        line = micros(line, "totalMicros", TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - openedNanos));
        line.addKeyValue("bytesToBackend", bytesToBackend)
                .addKeyValue("bytesFromBackend", bytesFromBackend)
                .log("exchange");
    }

    private static LoggingEventBuilder micros(LoggingEventBuilder line, String key, long micros) {
        return micros < 0 ? line : line.addKeyValue(key, micros);
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
