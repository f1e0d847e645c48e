package io.postern.connector.enroll;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;

/// Sends the request after the handshake has proved the service, and takes the one answer.
final class EnrollmentExchange extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final String protocol;
    private final Supplier<FullHttpRequest> request;
    private final CompletableFuture<ServiceCall.Answer> answer;

    EnrollmentExchange(
            String protocol, Supplier<FullHttpRequest> request, CompletableFuture<ServiceCall.Answer> answer) {
        this.protocol = protocol;
        this.request = request;
        this.answer = answer;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            return;
        }
        if (!handshake.isSuccess()) {
            answer.completeExceptionally(handshake.cause());
        } else if (!protocol.equals(ctx.pipeline().get(SslHandler.class).applicationProtocol())) {
            answer.completeExceptionally(new SSLHandshakeException("it does not speak " + protocol));
            ctx.close();
        } else {
            ctx.writeAndFlush(request.get());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (response.decoderResult().isFailure()) {
            answer.completeExceptionally(response.decoderResult().cause());
        } else {
            answer.complete(new ServiceCall.Answer(
                    response.status().code(), response.content().toString(StandardCharsets.UTF_8)));
        }
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        answer.completeExceptionally(new EOFException("it closed the connection without an answer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        answer.completeExceptionally(cause);
        ctx.close();
    }
}
