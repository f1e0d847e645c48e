package io.postern.gateway.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import io.postern.domain.OwnHost;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.net.Loops;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ways to the control plane: one address per door, and per event loop a stack of idle connections,
/// so that nothing is shared between threads. Thread-safe; channels are used on the loop they were asked for.
public final class Doors {
    private static final int IDLE_MAX = 32; // of one door on one loop

    /// Connections to all doors on one loop. Strangers make them: past it they are refused, before the
    /// process has no file descriptors left for anybody.
    private static final int OPEN_MAX = 1_024;

    private static final int HEAD_MAX = 64 * 1024;

    private final Loops loops;
    private final Map<OwnHost, SocketAddress> addresses;
    private final List<Map<OwnHost, ArrayDeque<Channel>>> idle;
    private final int openMax;
    private final int[] open; // by loop, each touched on its own loop only

    /// @param addresses Unix domain sockets, or TCP in tests
    public Doors(Loops loops, Map<OwnHost, SocketAddress> addresses) {
        this(loops, addresses, OPEN_MAX);
    }

    Doors(Loops loops, Map<OwnHost, SocketAddress> addresses, int openMax) {
        this.loops = loops;
        this.addresses = Map.copyOf(addresses);
        this.idle = loops.all().stream().map(loop -> noneIdle()).toList();
        this.openMax = openMax;
        this.open = new int[idle.size()];
    }

    private static Map<OwnHost, ArrayDeque<Channel>> noneIdle() {
        var map = new EnumMap<OwnHost, ArrayDeque<Channel>>(OwnHost.class);
        for (OwnHost door : OwnHost.values()) {
            map.put(door, new ArrayDeque<>());
        }
        return map;
    }

    /// A connection for one exchange. It goes back by itself when the exchange ends. On `loop`, which also
    /// completes the future; fails when nobody listens at the door.
    public Future<FrameStream> open(EventLoop loop, OwnHost door, FrameListener listener) {
        assert loop.inEventLoop();
        Promise<FrameStream> opened = loop.newPromise();
        var stream = new DoorStream(listener);
        ArrayDeque<Channel> stack = stack(loop, door);
        for (Channel channel; (channel = stack.pollLast()) != null; ) {
            if (channel.isActive()) {
                channel.pipeline().addLast(stream);
                return opened.setSuccess(stream);
            }
        }
        SocketAddress address = addresses.get(door);
        if (address == null) {
            return opened.setFailure(new ConnectException("no address for door " + door));
        }
        int lane = loops.indexOf(loop);
        if (open[lane] >= openMax) {
            return opened.setFailure(new ConnectException(openMax + " connections to the doors are open"));
        }
        open[lane]++;
        ChannelFuture connecting = connect(loop, address, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new HttpClientCodec(
                                new HttpDecoderConfig()
                                        .setMaxHeaderSize(HEAD_MAX)
                                        .setMaxInitialLineLength(HEAD_MAX),
                                false,
                                false))
                        .addLast(new DoorConnection(free -> putBack(free, stack)))
                        .addLast(stream);
            }
        });
        connecting.channel().closeFuture().addListener(closed -> open[lane]--);
        connecting.addListener((FutureListener<Void>) done -> {
            if (done.isSuccess()) {
                opened.setSuccess(stream);
            } else {
                opened.setFailure(done.cause());
            }
        });
        return opened;
    }

    private ChannelFuture connect(EventLoop loop, SocketAddress address, ChannelHandler initializer) {
        boolean unix = address instanceof UnixDomainSocketAddress;
        Bootstrap dialler = unix ? loops.domainDialler(loop) : loops.dialler(loop);
        SocketAddress target =
                address instanceof UnixDomainSocketAddress socket ? loops.domainAddress(socket.getPath()) : address;
        return dialler.option(ChannelOption.AUTO_READ, false)
                .handler(initializer)
                .connect(target);
    }

    private ArrayDeque<Channel> stack(EventLoop loop, OwnHost door) {
        @Nullable ArrayDeque<Channel> stack = idle.get(loops.indexOf(loop)).get(door);
        return stack == null ? new ArrayDeque<>() : stack;
    }

    private static void putBack(Channel channel, ArrayDeque<Channel> stack) {
        channel.pipeline().removeLast();
        if (stack.size() >= IDLE_MAX) {
            channel.close();
        } else {
            stack.addLast(channel);
            channel.read(); // to notice when the control plane closes it
        }
    }
}
