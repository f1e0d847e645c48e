package io.postern.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.gateway.exchange.Connection;
import io.postern.gateway.exchange.Exchanges;
import io.postern.net.ClientHello;
import io.postern.net.ClientHelloRouter;
import io.postern.net.Http2Codecs;
import io.postern.net.Loops;
import io.postern.net.PinnedAuthority;
import io.postern.net.ProvenCertificate;
import io.postern.net.WindowBudget;
import io.postern.tunnel.TunnelProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The one public port. By what the ClientHello asks for, a connection becomes a tunnel, a connector's
/// enrolment, or one of the public's, in HTTP/2 or HTTP/1.1.
///
///     accept ─▶ [PROXY header] ─▶ ClientHello ─▶ TLS ─▶ ALPN ─┬─ postern-tunnel/1 ─▶ tunnels
///                                                             ├─ postern-enroll/1 ─▶ HTTP/1.1, one door
///                                                             └─ h2, http/1.1 ─────▶ exchanges
public final class Listener {
    private static final AttributeKey<EdgeCertificate> PRESENTED = AttributeKey.valueOf("postern.presented");
    private static final AttributeKey<Boolean> CONNECTOR = AttributeKey.valueOf("postern.connector");
    private static final AttributeKey<InetAddress> CLIENT = AttributeKey.valueOf("postern.client");
    private static final AttributeKey<InetAddress> COUNTED = AttributeKey.valueOf("postern.counted");

    /// @param proxyProtocol trusted proxies send a PROXY header, version 2; nobody else may
    /// @param trustedProxies address ranges in CIDR notation
    public record Settings(boolean proxyProtocol, List<String> trustedProxies, EdgeLimits limits) {}

    private final Loops loops;
    private final Settings settings;
    private final WindowBudget budget;
    private final List<IpSubnetFilterRule> trusted;
    private final Supplier<Certificates> certificates;
    private final Exchanges exchanges;
    private final Consumer<Channel> tunnels;
    private final BiConsumer<SocketAddress, Throwable> strangers;
    private final Consumer<String> refusals;
    private final ConnectionCount count;
    private final List<HalfOpen> halfOpen; // by loop
    private final List<HandshakeTurns> turns; // by loop
    private final ChannelGroup open = new DefaultChannelGroup("edge", GlobalEventExecutor.INSTANCE);

    /// @param budget for the windows of uploads over HTTP/2
    /// @param certificates asked at every handshake
    /// @param tunnels takes over a connection whose handshake chose the tunnel protocol
    /// @param strangers told of those who asked for a connector's protocol with a certificate that is none of ours
    /// @param refusals told why a connection was closed before it could ask for anything
    public Listener(
            Loops loops,
            Settings settings,
            WindowBudget budget,
            Supplier<Certificates> certificates,
            Exchanges exchanges,
            Consumer<Channel> tunnels,
            BiConsumer<SocketAddress, Throwable> strangers,
            Consumer<String> refusals) {
        this.loops = loops;
        this.settings = settings;
        this.budget = budget;
        this.trusted = settings.trustedProxies().stream().map(Listener::range).toList();
        this.certificates = certificates;
        this.exchanges = exchanges;
        this.tunnels = tunnels;
        this.strangers = strangers;
        this.refusals = refusals;
        this.count = new ConnectionCount(
                settings.limits().connectionsMax(), settings.limits().connectionsPerAddressMax());
        int handshakes = Math.max(1, settings.limits().handshakesMax() / loops.count());
        this.halfOpen =
                loops.all().stream().map(loop -> new HalfOpen(handshakes)).toList();
        this.turns = loops.all().stream().map(HandshakeTurns::new).toList();
    }

    /// @throws IllegalArgumentException when the text is no address range
    public static IpSubnetFilterRule range(String cidr) {
        String text = cidr.indexOf('/') >= 0 ? cidr : cidr + (cidr.indexOf(':') >= 0 ? "/128" : "/32");
        try {
            return new IpSubnetFilterRule(text, IpFilterRuleType.ACCEPT);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "'" + cidr + "' is no address range such as 10.0.0.0/8 or 2001:db8::/32", e);
        }
    }

    public ChannelFuture bind(SocketAddress address) {
        return loops.listener().childHandler(new Accepted(false)).bind(address);
    }

    /// The port without TLS: HTTP/1.1 alone, with the same limits.
    public ChannelFuture bindPlain(SocketAddress address) {
        return loops.listener().childHandler(new Accepted(true)).bind(address);
    }

    public int openConnections() {
        return count.open();
    }

    /// Ends every connection of the public's; tunnels end by themselves.
    public void closeConnections() {
        open.close();
    }

    private boolean isTrusted(InetAddress address) {
        var peer = new InetSocketAddress(address, 0);
        return trusted.stream().anyMatch(rule -> rule.matches(peer));
    }

    private final class Accepted extends ChannelInitializer<Channel> {
        private final boolean plain;

        Accepted(boolean plain) {
            this.plain = plain;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (!(channel.remoteAddress() instanceof InetSocketAddress peer) || !enters(channel)) {
                channel.close();
                return;
            }
            channel.closeFuture().addListener(done -> {
                count.left();
                halfOpen(channel).left(channel);
            });
            if (settings.proxyProtocol() && isTrusted(peer.getAddress())) {
                channel.pipeline()
                        .addLast(new ProxyHeader((c, client) -> arrived(c, client.orElse(peer.getAddress()))));
            }
            if (!plain) {
                channel.pipeline().addLast(new Hello(turns.get(loops.indexOf(channel.eventLoop()))));
                channel.pipeline().addLast(new Negotiated());
            }
            if (channel.pipeline().get(ProxyHeader.class) == null) {
                arrived(channel, peer.getAddress());
            }
        }

        private void arrived(Channel channel, InetAddress client) {
            known(channel, client);
            if (plain && channel.isOpen()) {
                halfOpen(channel).left(channel);
                open.add(channel);
                installHttp1(channel, false, true);
            }
        }
    }

    private boolean enters(Channel channel) {
        return count.entered() || (close(halfOpen(channel).eldest()) && count.entered()) || refused("connections");
    }

    private void known(Channel channel, InetAddress client) {
        channel.attr(CLIENT).set(client);
        HalfOpen halfOpen = halfOpen(channel);
        if (isTrusted(client)) {
            close(halfOpen.entered(channel, client)); // it speaks for many, and answers for their number
        } else if (count.enteredFrom(client)
                || (close(halfOpen.eldestFrom(client)) && count.enteredFrom(client))
                || refused("connections_of_address")) {
            channel.attr(COUNTED).set(client);
            channel.closeFuture().addListener(done -> leaveAddress(channel));
            close(halfOpen.entered(channel, client));
        } else {
            channel.close();
        }
    }

    /// Once.
    private void leaveAddress(Channel channel) {
        InetAddress counted = channel.attr(COUNTED).getAndSet(null);
        if (counted != null) {
            count.leftFrom(counted);
        }
    }

    private HalfOpen halfOpen(Channel channel) {
        return halfOpen.get(loops.indexOf(channel.eventLoop()));
    }

    /// Of the caller's own loop, so that it has left every count on return.
    private boolean close(Optional<Channel> channel) {
        channel.ifPresent(c -> {
            refusals.accept("handshakes");
            c.close();
        });
        return channel.isPresent();
    }

    private boolean refused(String why) {
        refusals.accept(why);
        return false;
    }

    private final class Hello extends ClientHelloRouter {
        private final HandshakeTurns turns;

        Hello(HandshakeTurns turns) {
            this.turns = turns;
        }

        /// Connectors come in herds, after a restart, and have time; users have none.
        @Override
        protected void takeTurn(ClientHello hello, Runnable begin) {
            if (isConnector(hello)) {
                turns.take(begin);
            } else {
                begin.run();
            }
        }

        @Override
        protected SslContext choose(Channel channel, ClientHello hello) {
            Certificates current = certificates.get();
            channel.attr(CONNECTOR).set(isConnector(hello));
            if (hello.offers(Certificates.PROOF_ALPN)) {
                Optional<SslContext> proof = current.proof(hello.host());
                if (proof.isPresent()) {
                    return proof.get();
                }
            }
            if (hello.offers(TunnelProtocol.ALPN)) {
                return current.tunnel();
            }
            if (hello.offers(TunnelProtocol.ENROLL_ALPN)) {
                return current.enroll();
            }
            Certificates.Presented presented = current.forHost(hello.host());
            channel.attr(PRESENTED).set(presented.certificate());
            return presented.tls();
        }
    }

    private static boolean isConnector(ClientHello hello) {
        return hello.offers(TunnelProtocol.ALPN) || hello.offers(TunnelProtocol.ENROLL_ALPN);
    }

    private final class Negotiated extends ApplicationProtocolNegotiationHandler {
        Negotiated() {
            super(ApplicationProtocolNames.HTTP_1_1); // a client without ALPN
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            halfOpen(ctx.channel()).left(ctx.channel());
            if (protocol.equals(TunnelProtocol.ALPN)) {
                leaveAddress(ctx.channel()); // it has a certificate of ours, and a fleet may be behind one address
                tunnels.accept(ctx.channel());
                return;
            }
            if (protocol.equals(Certificates.PROOF_ALPN)) {
                ctx.close(); // the certificate was all (RFC 8737 §3)
                return;
            }
            open.add(ctx.channel());
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                installHttp2(ctx.channel());
            } else {
                installHttp1(ctx.channel(), protocol.equals(TunnelProtocol.ENROLL_ALPN), false);
            }
        }

        /// The event comes once, whatever else is said of the connection; the class above looks at exceptions only.
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
                handshakeFailure(ctx, handshake.cause());
            }
            super.userEventTriggered(ctx, event);
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            if (Boolean.TRUE.equals(ctx.channel().attr(CONNECTOR).get()) && isAboutCertificate(cause)) {
                strangers.accept(ctx.channel().remoteAddress(), cause);
            }
            ctx.close(); // else scanners; what a connector did not like, its own log says
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /// It is foreign, missing, or shown without its key. Whoever breaks off the handshake is no news.
    private static boolean isAboutCertificate(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).toUpperCase(Locale.ROOT);
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof CertificateException) {
                return true;
            }
        }
        return (message.contains("CERTIFICATE") || message.contains("BAD_SIGNATURE")) && !message.contains("ALERT");
    }

    private Connection connection(Channel channel, boolean enrolling, boolean plain) {
        InetAddress client = Objects.requireNonNull(channel.attr(CLIENT).get());
        return new Connection(
                NetUtil.toAddressString(client),
                isTrusted(client),
                Optional.ofNullable(channel.attr(PRESENTED).get()),
                enrolling,
                enrolling ? ProvenCertificate.of(channel).map(PinnedAuthority::fingerprint) : Optional.empty(),
                plain);
    }

    private void installHttp1(Channel channel, boolean enrolling, boolean plain) {
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(new Http1Connection(settings.limits()))
                .addLast(new ExchangeHandler(
                        connection(channel, enrolling, plain),
                        exchanges,
                        settings.limits().stallTimeout()));
    }

    private void installHttp2(Channel channel) {
        Connection connection = connection(channel, false, false);
        ChannelHandler stream = new StreamHandlers(connection);
        ChannelPipeline pipeline = channel.pipeline();
        EdgeLimits limits = settings.limits();
        Http2Codecs.installEdge(pipeline, budget, stream);
        Http2FrameCodec codec = pipeline.get(Http2FrameCodec.class);
        codec.decoder()
                .frameListener(new ControlFrameLimit(codec.decoder().frameListener(), limits.controlFramesMax()));
        pipeline.addBefore(
                pipeline.context(Http2MultiplexHandler.class).name(), "guard", new Http2Guard(codec, limits));
    }

    /// Fills the pipelines of one connection's streams; handles no event itself.
    @Sharable
    private final class StreamHandlers extends ChannelHandlerAdapter {
        private final Connection connection;

        StreamHandlers(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline()
                    .addLast("heads", new Http2Heads())
                    .addLast(
                            "exchange",
                            new ExchangeHandler(
                                    connection, exchanges, settings.limits().stallTimeout()));
        }
    }
}
