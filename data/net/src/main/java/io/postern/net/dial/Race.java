package io.postern.net.dial;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// "Happy eyeballs" (RFC 8305 §5): the addresses are tried in their order; the next one starts when the one
/// before has failed or has not answered for a quarter of a second, and the first connection that stands
/// wins. An address that swallows packets so costs 250 ms and not the whole limit. Confined to the loop.
final class Race {
    /// RFC 8305 §8 recommends this value.
    private static final long STAGGER_MILLIS = 250;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final Iterator<InetAddress> addresses;
    private final int port;
    private final Promise<Channel> promise;
    private final List<ChannelFuture> running = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private boolean isTimeout;
    private @Nullable Future<?> next;

    private Race(Bootstrap bootstrap, EventLoop loop, List<InetAddress> addresses, int port, Promise<Channel> promise) {
        this.bootstrap = bootstrap;
        this.loop = loop;
        this.addresses = addresses.iterator();
        this.port = port;
        this.promise = promise;
    }

    /// @param bootstrap on `loop`, with a time limit of its own for each try
    /// @param promise when it is done, whoever did it, the other tries are given up
    static void start(
            Bootstrap bootstrap, EventLoop loop, List<InetAddress> addresses, int port, Promise<Channel> promise) {
        assert loop.inEventLoop();
        var race = new Race(bootstrap, loop, addresses, port, promise);
        promise.addListener(done -> race.giveUpOthers());
        race.tryNext();
    }

    private void tryNext() {
        if (promise.isDone() || !addresses.hasNext()) {
            return;
        }
        InetAddress address = addresses.next();
        ChannelFuture attempt = bootstrap.connect(new InetSocketAddress(address, port));
        running.add(attempt);
        if (addresses.hasNext()) {
            next = loop.schedule(this::tryNext, STAGGER_MILLIS, TimeUnit.MILLISECONDS);
        }
        attempt.addListener(f -> {
            running.remove(attempt);
            if (f.isSuccess()) {
                if (!promise.trySuccess(attempt.channel())) {
                    attempt.channel().close();
                }
            } else {
                onFailed(address, f.cause());
            }
        });
    }

    private void onFailed(InetAddress address, Throwable cause) {
        isTimeout |= cause instanceof ConnectTimeoutException;
        failures.add(address.getHostAddress() + ": "
                + (cause instanceof ConnectTimeoutException ? "no answer" : reason(cause)));
        if (addresses.hasNext()) {
            if (next != null) {
                next.cancel(false);
            }
            tryNext();
        } else if (running.isEmpty()) {
            promise.tryFailure(new DialFault(
                    isTimeout ? DialFault.Kind.TIMEOUT : DialFault.Kind.CONNECT, String.join("; ", failures)));
        }
    }

    /// The system's words, without the call's name and the address that Netty puts around them.
    private static String reason(Throwable cause) {
        return String.valueOf(cause.getMessage()).replaceAll("^.*error\\(-?[0-9]+\\): |: [^: ]*/.*$", "");
    }

    /// The winner is among them no more.
    private void giveUpOthers() {
        if (next != null) {
            next.cancel(false);
        }
        List.copyOf(running).forEach(attempt -> attempt.channel().close());
    }
}
