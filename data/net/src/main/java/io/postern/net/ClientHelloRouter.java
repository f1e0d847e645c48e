package io.postern.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// First handler of a listener's connection: waits for the ClientHello, lets a subclass choose the TLS
/// context by host and protocols, and puts an `SslHandler` named `tls` in its own place.
///
/// A hello that is too long, too late, malformed, or no TLS at all closes the connection: nothing of
/// what a stranger may send before TLS is kept longer than [#HELLO_TIMEOUT_MILLIS]. One instance per
/// connection.
public abstract class ClientHelloRouter extends SslClientHelloHandler<SslContext> {
    public static final String TLS = "tls";

    /// Post-quantum key shares and padding make hellos of 2 KiB; nobody needs 16.
    static final int HELLO_BYTES_MAX = 16 * 1024;

    static final int HELLO_TIMEOUT_MILLIS = 10_000;

    /// For the rest of the handshake, after the hello.
    static final int HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    private @Nullable Future<?> timeout;
    private @Nullable Promise<SslContext> waiting;

    protected ClientHelloRouter() {
        super(HELLO_BYTES_MAX);
    }

    /// Called once, on the loop.
    ///
    /// @throws RuntimeException to refuse the connection
    protected abstract SslContext choose(Channel channel, ClientHello hello);

    /// Called once, on the loop, when the hello is there: what follows costs signatures. A subclass may keep
    /// `begin` and run it later on the loop, so that others come first; for a connection that has ended
    /// meanwhile it does nothing.
    protected void takeTurn(ClientHello hello, Runnable begin) {
        begin.run();
    }

    /// Called when a connection ends here because what came is not a ClientHello; for counting.
    protected void onRefused(Channel channel, Throwable why) {}

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        super.handlerAdded(ctx);
        timeout = ctx.executor()
                .schedule(
                        () -> refuse(ctx, new DecoderException("no ClientHello within the time limit")),
                        HELLO_TIMEOUT_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        stopTimeout();
        stopWaiting();
        super.handlerRemoved0(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        stopTimeout();
        stopWaiting();
        super.channelInactive(ctx);
    }

    /// Never throws: the superclass would ask again, without the hello.
    @Override
    protected Future<SslContext> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf hello) {
        if (hello == null) {
            return ctx.executor().newFailedFuture(new DecoderException("not a TLS ClientHello"));
        }
        Promise<SslContext> chosen = ctx.executor().newPromise();
        waiting = chosen;
        try {
            ClientHello parsed = ClientHello.parse(hello);
            stopTimeout(); // it has said all that it can for now: who is late from here on is us
            takeTurn(parsed, () -> begin(ctx.channel(), parsed, chosen));
        } catch (RuntimeException e) {
            chosen.tryFailure(e);
        }
        return chosen;
    }

    private void begin(Channel channel, ClientHello hello, Promise<SslContext> chosen) {
        if (chosen.isDone()) {
            return;
        }
        try {
            chosen.trySuccess(choose(channel, hello));
        } catch (RuntimeException e) {
            chosen.tryFailure(e);
        }
    }

    /// Who hangs up before his turn costs nothing more.
    private void stopWaiting() {
        if (waiting != null) {
            waiting.tryFailure(new DecoderException("the connection ended before its handshake began"));
            waiting = null;
        }
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, Future<SslContext> chosen) {
        stopTimeout();
        waiting = null;
        if (!chosen.isSuccess()) {
            refuse(ctx, chosen.cause());
            return;
        }
        SslHandler tls = chosen.getNow().newHandler(ctx.alloc());
        tls.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MILLIS);
        ctx.pipeline().replace(this, TLS, tls);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(ctx, cause);
    }

    private void refuse(ChannelHandlerContext ctx, Throwable why) {
        stopTimeout();
        if (ctx.channel().isOpen()) {
            onRefused(ctx.channel(), why);
            ctx.close();
        }
    }

    private void stopTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }
}
