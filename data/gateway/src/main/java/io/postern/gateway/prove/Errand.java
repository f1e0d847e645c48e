package io.postern.gateway.prove;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.InternalUrl;
import io.postern.domain.snapshot.Backend;
import io.postern.tunnel.TunnelProtocol;
import java.util.UUID;

/// Where a request of a trial goes.
///
/// @param backend id in the connector's list
/// @param name for people
record Errand(String backend, String scheme, String authority, String path, String name) {
    /// To nobody: the connector itself must answer that it knows no such backend, by way of everything that an exchange
    /// passes there (docs/protocol/tunnel.md §4).
    static final Errand TO_THE_CONNECTOR = new Errand("postern-proof", "http", "none", "/", "the connector");

    static Errand to(Backend backend, InternalUrl url) {
        return new Errand(backend.id(), url.scheme(), url.authority(), url.path(), url.toString());
    }

    /// What is sent: says nothing of any user.
    Http2Headers head() {
        return new DefaultHttp2Headers(false, 8)
                .method("GET")
                .scheme(scheme)
                .authority(authority)
                .path(path)
                .set(HttpHeaderNames.USER_AGENT, "Postern-Update/1")
                .set(HttpHeaderNames.ACCEPT, "*/*")
                .set(TunnelProtocol.BACKEND, backend)
                .set(TunnelProtocol.EXCHANGE, UUID.randomUUID().toString().replace("-", ""));
    }
}
