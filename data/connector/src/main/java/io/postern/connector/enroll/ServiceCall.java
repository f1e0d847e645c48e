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
import io.postern.net.dial.Dialler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// One question to the connectors' door (tunnel.md §6). The caller waits, so it is no event loop.
final class ServiceCall {
    static final String PROTOCOL = "postern-enroll/1";
    private static final int ANSWER_BYTES_MAX = 4 * 1024 * 1024; // tunnel.md §7
    private static final int WAIT_SECONDS = 30;
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    /// The service's whole answer.
    record Answer(int status, String body) {
        /// The sentence of an error, in brackets with a blank before; empty where there is none.
        String said() {
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

    ServiceCall(Dialler dialler, HostPort service) {
        this.dialler = dialler;
        this.service = service;
    }

    HostPort service() {
        return service;
    }

    /// @param tls says whom to believe and what to prove
    /// @throws ConnectorFault with a sentence about what is in the way
    Answer post(SslContext tls, String path, byte[] body) {
        return call(tls, () -> request(HttpMethod.POST, path, Unpooled.wrappedBuffer(body)));
    }

    /// As [#post].
    Answer get(SslContext tls, String path) {
        return call(tls, () -> request(HttpMethod.GET, path, Unpooled.EMPTY_BUFFER));
    }

    private Answer call(SslContext tls, Supplier<FullHttpRequest> request) {
        var answer = new CompletableFuture<Answer>();
        dialler.dial(dialler.loops().next(), service, CONNECT_LIMIT).addListener((Future<Channel> connected) -> {
            if (!connected.isSuccess()) {
                answer.completeExceptionally(connected.cause());
                return;
            }
            Channel channel = connected.getNow();
            channel.pipeline()
                    .addLast(tls.newHandler(channel.alloc(), service.host(), service.port()))
                    .addLast(new ReadTimeoutHandler(WAIT_SECONDS))
                    .addLast(new HttpClientCodec())
                    .addLast(new HttpObjectAggregator(ANSWER_BYTES_MAX))
                    .addLast(new EnrollmentExchange(PROTOCOL, request, answer));
            channel.config().setAutoRead(true);
        });
        try {
            return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
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
