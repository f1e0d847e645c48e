package io.postern.net.dial;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.base.HostPort;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.dial.DialFault.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Opens TCP connections, straight or through a proxy. Stateless beside the names it remembers; any thread.
///
/// A channel comes with an empty pipeline and does not read by itself: the caller adds its handlers and then
/// turns automatic reading on, or reads.
public final class Dialler {
    private final Loops loops;
    private final LocalNames names;
    private final ProxyChoice proxies;

    /// @param proxies for targets given by name, see [#dial]
    public Dialler(Loops loops, LocalNames names, ProxyChoice proxies) {
        this.loops = loops;
        this.names = names;
        this.proxies = proxies;
    }

    public Loops loops() {
        return loops;
    }

    public ProxyChoice proxies() {
        return proxies;
    }

    /// All addresses of a name, in the order in which they should be tried.
    ///
    /// @return fails with a [DialFault]
    public Future<List<InetAddress>> resolve(String host, EventLoop loop) {
        Promise<List<InetAddress>> promise = loop.newPromise();
        names.resolve(host, loop).addListener((Future<List<InetAddress>> found) -> {
            if (found.isSuccess()) {
                promise.trySuccess(found.getNow());
            } else {
                promise.tryFailure(
                        new DialFault(Kind.RESOLVE, "the name '" + host + "' does not resolve on this machine"));
            }
        });
        return promise;
    }

    /// Dials a name. Through a proxy it is the proxy that resolves it: many networks tell inner machines
    /// nothing of outer names, and who answers is proved by TLS, not by address.
    ///
    /// @param limit for everything: look-up, TCP, the proxy's answer
    /// @return completed on `loop`; fails with a [DialFault]
    public Future<Channel> dial(EventLoop loop, HostPort target, Duration limit) {
        Optional<HttpProxy> proxy = proxies.towards(target.host(), target.port());
        Promise<Channel> promise =
                limited(loop, target + proxy.map(p -> " through the proxy " + p).orElse(""), limit);
        onLoop(
                loop,
                () -> proxy.ifPresentOrElse(
                        p -> toProxy(loop, p, target.toString(), limit, promise),
                        () -> straight(loop, target, Kind.RESOLVE, limit, promise)));
        return promise;
    }

    /// Dials addresses that the caller has found and approved: nobody resolves anything any more. Through a
    /// proxy they are asked for one after the other, as addresses.
    ///
    /// @param name for messages and for [LocalNames#reached]
    /// @param addresses at least one
    /// @param limit for all of them together
    public Future<Channel> dial(
            EventLoop loop,
            String name,
            List<InetAddress> addresses,
            int port,
            Optional<HttpProxy> proxy,
            Duration limit) {
        Promise<Channel> promise =
                limited(loop, name + proxy.map(p -> " through the proxy " + p).orElse(""), limit);
        onLoop(loop, () -> {
            if (proxy.isPresent()) {
                eachThroughProxy(loop, proxy.get(), addresses, 0, port, limit, promise);
            } else {
                race(loop, name, addresses, port, limit, promise);
            }
        });
        return promise;
    }

    /// A connection to the name ended: the next look-up asks anew.
    public void forget(String host) {
        names.forget(host);
    }

    private void straight(EventLoop loop, HostPort target, Kind unresolved, Duration limit, Promise<Channel> promise) {
        names.resolve(target.host(), loop).addListener((Future<List<InetAddress>> found) -> {
            if (found.isSuccess()) {
                race(loop, target.host(), found.getNow(), target.port(), limit, promise);
            } else {
                promise.tryFailure(
                        new DialFault(unresolved, "the name '" + target.host() + "' does not resolve on this machine"));
            }
        });
    }

    private void race(
            EventLoop loop,
            String name,
            List<InetAddress> addresses,
            int port,
            Duration limit,
            Promise<Channel> promise) {
        promise.addListener((Future<Channel> done) -> {
            if (!done.isSuccess()) {
                names.forget(name); // it may have moved
            } else if (done.getNow().remoteAddress() instanceof InetSocketAddress at) {
                names.reached(name, at.getAddress());
            }
        });
        Race.start(bootstrap(loop, limit), loop, addresses, port, promise);
    }

    private void toProxy(EventLoop loop, HttpProxy proxy, String target, Duration limit, Promise<Channel> promise) {
        Promise<Channel> connected = loop.newPromise();
        promise.addListener((Future<Channel> done) -> connected.cancel(false));
        connected.addListener((Future<Channel> done) -> {
            if (done.isSuccess()) {
                Channel channel = done.getNow();
                promise.addListener(end -> {
                    if (!end.isSuccess()) {
                        channel.close();
                    }
                });
                ProxyConnect.start(channel, proxy, target, promise);
            } else if (!done.isCancelled()) {
                promise.tryFailure(new DialFault(
                        Kind.PROXY,
                        "the proxy " + proxy + " cannot be reached ("
                                + done.cause().getMessage() + "); check its address" + origin()));
            }
        });
        straight(loop, proxy.address(), Kind.PROXY, limit, connected);
    }

    private void eachThroughProxy(
            EventLoop loop,
            HttpProxy proxy,
            List<InetAddress> addresses,
            int index,
            int port,
            Duration limit,
            Promise<Channel> promise) {
        if (index == addresses.size() - 1) {
            toProxy(loop, proxy, literal(addresses.get(index), port), limit, promise);
            return;
        }
        Promise<Channel> attempt = loop.newPromise();
        promise.addListener(end -> attempt.cancel(false));
        attempt.addListener((Future<Channel> done) -> {
            if (done.isSuccess()) {
                if (!promise.trySuccess(done.getNow())) {
                    done.getNow().close();
                }
            } else if (!done.isCancelled()) {
                eachThroughProxy(loop, proxy, addresses, index + 1, port, limit, promise);
            }
        });
        toProxy(loop, proxy, literal(addresses.get(index), port), limit, attempt);
    }

    private Bootstrap bootstrap(EventLoop loop, Duration limit) {
        return loops.dialler(loop)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limit.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {} // the caller's handlers come when TCP stands
                });
    }

    private static Promise<Channel> limited(EventLoop loop, String what, Duration limit) {
        Promise<Channel> promise = loop.newPromise();
        var timer = loop.schedule(
                () -> promise.tryFailure(
                        new DialFault(Kind.TIMEOUT, what + " did not answer in " + limit.toMillis() + " ms")),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        promise.addListener(done -> timer.cancel(false));
        return promise;
    }

    private static void onLoop(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private String origin() {
        return proxies.origin().isEmpty() ? "" : " in " + proxies.origin();
    }

    private static String literal(InetAddress address, int port) {
        return new HostPort(address.getHostAddress(), port).toString();
    }
}
