package io.postern.net.dial;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.util.List;
import java.util.Locale;

/// Asks a proxy for a connection to one target (CONNECT, RFC 9110 §9.3.6) and takes itself out of the
/// pipeline when the proxy agrees; from then on the channel belongs to whoever waits, who speaks first (TLS
/// and HTTP clients do). Confined to the loop.
final class ProxyConnect extends ChannelInboundHandlerAdapter {
    private static final int LINE_BYTES_MAX = 4 * 1024;
    private static final int HEAD_BYTES_MAX = 16 * 1024;

    private final HttpProxy proxy;
    private final String target;
    private final Promise<Channel> promise;

    private ProxyConnect(HttpProxy proxy, String target, Promise<Channel> promise) {
        this.proxy = proxy;
        this.target = target;
        this.promise = promise;
    }

    /// @param channel connected to the proxy; does not read by itself
    /// @param target HOST:PORT as it shall stand in the request
    static void start(Channel channel, HttpProxy proxy, String target, Promise<Channel> promise) {
        var codec = new HttpClientCodec(LINE_BYTES_MAX, HEAD_BYTES_MAX, HEAD_BYTES_MAX);
        channel.pipeline().addLast(codec, new ProxyConnect(proxy, target, promise));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            fail("closed the connection without an answer; look at its log");
            return;
        }
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, target);
        request.headers().set(HttpHeaderNames.HOST, target).set(HttpHeaderNames.USER_AGENT, "postern-connector");
        proxy.credentials().ifPresent(c -> request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, c.header()));
        ctx.writeAndFlush(request);
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        try {
            if (msg instanceof HttpResponse answer) {
                onAnswer(answer);
            }
            if (promise.isDone()) {
                ctx.close();
            } else if (msg instanceof LastHttpContent) {
                ctx.pipeline().remove(HttpClientCodec.class);
                ctx.pipeline().remove(this);
                if (!promise.trySuccess(ctx.channel())) {
                    ctx.close();
                }
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!promise.isDone()) {
            ctx.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("closed the connection without an answer; look at its log");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail("broke the connection (" + cause.getMessage() + ")");
        ctx.close();
    }

    private void onAnswer(HttpResponse answer) {
        if (answer.decoderResult().isFailure()) {
            fail("does not answer as an HTTP proxy does; check its address");
            return;
        }
        int status = answer.status().code();
        if (status / 100 == 2) {
            return;
        }
        switch (status) {
            case 407 -> fail(unauthorised(answer.headers().getAll(HttpHeaderNames.PROXY_AUTHENTICATE)));
            case 403, 405 ->
                fail("blocks CONNECT to " + target + " (" + answer.status()
                        + "); permit that name and port there, without TLS inspection");
            case 502, 503, 504 ->
                fail("cannot reach " + target + " (" + answer.status()
                        + "); check the name as that machine resolves it, and its own way out");
            default -> fail("refuses CONNECT to " + target + " (" + answer.status() + "); look at its log");
        }
    }

    private String unauthorised(List<String> challenges) {
        List<String> schemes = challenges.stream()
                .map(c -> c.strip().split("[ ,]", 2)[0])
                .filter(s -> !s.isEmpty())
                .toList();
        boolean takesBasic =
                schemes.stream().anyMatch(s -> s.toLowerCase(Locale.ROOT).equals("basic"));
        if (!takesBasic && !schemes.isEmpty()) {
            return "wants " + String.join(" or ", schemes) + " (407), and this connector signs in with Basic only; let"
                    + " this machine pass there without sign-in, or offer Basic";
        }
        return proxy.credentials().isEmpty()
                ? "wants a user and a password (407); name a file that holds USER:PASSWORD as the proxy's"
                        + " 'credentials-file'"
                : "does not take the user '" + proxy.credentials().get().user()
                        + "' with this password (407); correct the proxy's credentials";
    }

    private void fail(String what) {
        promise.tryFailure(new DialFault(DialFault.Kind.PROXY, "the proxy " + proxy + " " + what));
    }
}
