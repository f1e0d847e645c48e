package io.postern.bench.micro;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.serve.ServeEntry;
import io.postern.domain.PreAuthentication;
import io.postern.domain.snapshot.Place;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.admit.Admitter;
import io.postern.gateway.edge.EdgeEntry;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.Connection;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.forward.ForwardEntry;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.route.Router;
import io.postern.net.FieldRules;
import io.postern.token.KeyRing;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The four times that a head changes its form on the way of an HTTP/1.1 request and back. HPACK between them is
/// Netty's and not in here.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadBenchmark {
    private static final String TARGET = "/orders/2026/summary.json?page=3";
    private static final ByteBufAllocator ALLOC = PooledByteBufAllocator.DEFAULT;
    private static final Exchange.Observer NOBODY = new Exchange.Observer() {
        @Override
        public void onAnswering(Exchange exchange) {}

        @Override
        public void onDone(Exchange exchange) {}
    };

    private final World world = World.of(1, PreAuthentication.PASSTHROUGH);
    private final PublishedApplication application = world.applications().getFirst();
    private final Place place = application.places().getFirst();
    private final Place.Inside inside = place.inside().orElseThrow();
    private final Route.Published route =
            new Route.Published(application.externalUrl().host(), application, place);
    private final ClientFacts facts = world.client(World.NOW);
    private final Connection connection =
            new Connection("203.0.113.9", false, Optional.empty(), false, Optional.empty());
    private final ChannelHandlerContext client =
            new EmbeddedChannel(new ChannelInboundHandlerAdapter()).pipeline().firstContext();
    private final EdgeEntry edge = new EdgeEntry();
    private final ByteBuf bytes =
            Heads.requestBytes(World.host(0), TARGET, "theme=dark; lang=en; session=4f1e0c8a2b6d4e7f9a3c5d1b");
    private final RequestHead request = edge.read(bytes.duplicate());
    private final Admitted admitted = admitted();
    private final Http2Headers stream = toTunnel();
    private final Http2Headers answer = Heads.answer();
    private final HttpHeaders decoded = Heads.decodedAnswer();

    @TearDown
    public void release() {
        bytes.release();
    }

    /// Gateway: bytes of HTTP/1.1 to the fields that go into the tunnel.
    @Benchmark
    public Http2Headers requestToTunnel() {
        return toTunnel();
    }

    private Http2Headers toTunnel() {
        bytes.readerIndex(0);
        var exchange = new Exchange(client, connection, edge.read(bytes), facts, NOBODY);
        return ForwardEntry.toBackend(exchange, admitted, route, inside);
    }

    /// Connector: fields of a stream, checked, to bytes of HTTP/1.1.
    @Benchmark
    public int requestToBackend() {
        return released(ServeEntry.requestHead(ALLOC, stream));
    }

    /// Connector: the backend's decoded fields to those for the tunnel.
    @Benchmark
    public Http2Headers answerToTunnel() {
        return FieldRules.toHttp2(decoded);
    }

    /// Gateway: fields of the answer to bytes of HTTP/1.1.
    @Benchmark
    public int answerToClient() {
        return released(edge.write(ALLOC, answer, request));
    }

    private static int released(ByteBuf head) {
        int length = head.readableBytes();
        head.release();
        return length;
    }

    private Admitted admitted() {
        var admitter = new Admitter(
                KeyRing.generate(),
                (on, door, method, path, fields, body) -> {
                    throw new IllegalStateException("nothing here asks the control plane: " + path);
                },
                new ErrorPages());
        var route = new Router(world.snapshot()).route(request.authority(), request.target(), host -> true);
        return (Admitted) admitter.admit(request, route, facts, client.channel().eventLoop());
    }
}
