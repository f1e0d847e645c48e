package io.postern.connector.enroll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.dial.Dialler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// One question to the connectors' door (tunnel.md §6), through the proxy where there is one. The caller waits, so it
/// is no event loop.
public final class ServiceCall {
    static final String PROTOCOL = "postern-enroll/1";
    private static final int ANSWER_BYTES_MAX = 4 * 1024 * 1024; // tunnel.md §7
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    /// The service's whole answer.
    public record Answer(int status, String body) {
        /// The sentence of an error, in brackets with a blank before; empty where there is none.
        public String said() {
            try {
                String message =
                        JSON.readTree(body).path("error").path("message").asString("");
                return message.isEmpty() ? "" : " (" + message.replaceAll("\\p{Cntrl}", " ") + ")";
            } catch (JacksonException e) {
                return "";
            }
        }
    }

    private final Dialler dialler;
    private final HostPort service;

    /// @param dialler knows the proxy on the way, if there is one
    public ServiceCall(Dialler dialler, HostPort service) {
        this.dialler = dialler;
        this.service = service;
    }

    HostPort service() {
        return service;
    }

    /// A question of a connector that proves itself by its certificate.
    ///
    /// @param body JSON
    /// @param limit for everything, from the first packet to the last byte of the answer
    /// @throws ConnectorFault with a sentence about what is in the way
    public Answer post(Identity as, String path, byte[] body, Duration limit) {
        return call(tls(as), () -> request(HttpMethod.POST, path, Unpooled.wrappedBuffer(body)), limit);
    }

    /// As [#post(Identity, String, byte\[\], Duration)].
    Answer get(Identity as, String path) {
        return call(tls(as), () -> request(HttpMethod.GET, path, Unpooled.EMPTY_BUFFER), ANSWER_LIMIT);
    }

    Answer post(Identity as, String path, byte[] body) {
        return post(as, path, body, ANSWER_LIMIT);
    }

    /// @param tls says whom to believe
    /// @throws ConnectorFault with a sentence about what is in the way
    Answer post(SslContext tls, String path, byte[] body) {
        return call(tls, () -> request(HttpMethod.POST, path, Unpooled.wrappedBuffer(body)), ANSWER_LIMIT);
    }

    private static SslContext tls(Identity identity) {
        return TlsContexts.mutualClient(
                identity.key(), identity.certificates(), PinnedAuthority.of(identity.authority()), PROTOCOL);
    }

    private Answer call(SslContext tls, Supplier<FullHttpRequest> request, Duration limit) {
        var answer = new CompletableFuture<Answer>();
        dialler.dial(dialler.loops().next(), service, CONNECT_LIMIT).addListener((Future<Channel> connected) -> {
            if (!connected.isSuccess()) {
                answer.completeExceptionally(connected.cause());
                return;
            }
            Channel channel = connected.getNow();
            channel.pipeline()
                    .addLast(tls.newHandler(channel.alloc(), service.host(), service.port()))
                    .addLast(new ReadTimeoutHandler(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .addLast(new HttpClientCodec())
                    .addLast(new HttpObjectAggregator(ANSWER_BYTES_MAX))
                    .addLast(new EnrollmentExchange(PROTOCOL, request, answer));
            channel.config().setAutoRead(true);
        });
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw EnrollmentFaults.of(service, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw EnrollmentFaults.of(service, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectorFault(Kind.INTERNAL, "the call was interrupted; start again", e);
        }
    }

    private FullHttpRequest request(HttpMethod method, String path, ByteBuf content) {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path, content);
        request.headers()
                .set(HttpHeaderNames.HOST, service.port() == 443 ? service.host() : service.toString())
                .set(HttpHeaderNames.ACCEPT, "application/json")
                .set(HttpHeaderNames.CONNECTION, "close");
        if (content.isReadable()) {
            request.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        }
        return request;
    }
}
