package io.postern.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.AttributeKey;
import io.postern.net.Loops;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// WebSocket clients, a process of their own: one event loop, told by arguments what to do and by standard input which
/// cookie to send, since command lines are there for everybody to read.
///
/// All state belongs to the one loop.
final class WebSocketClients {
    static final String BEGIN = "BEGIN";
    static final String OPEN = "OPEN ";
    static final String RESULT = "RESULT ";

    private static final byte[] MESSAGE = new byte[128];
    private static final int CONNECTIONS_PER_ADDRESS = 500;
    private static final int HANDSHAKES_AT_ONCE = 64;
    /// Then no more are tried: each may take its time to fail, and the answer is known.
    private static final int FAILURES_MAX = 500;
    private static final int WARM_UP_SECONDS = 2;
    private static final int ASK_SECONDS_MAX = 30;

    private final Loops loops = Loops.open("clients", 1);
    private final URI uri;
    private final String cookie;
    private final @Nullable SslContext tls;
    private int wanted;
    private final int inFlight;
    private final int seconds;

    private final List<Channel> open = new ArrayList<>();
    private int begun;
    private int failed;
    private int lost;
    private String firstFailure = "";
    private long beganNanos;
    private boolean isCounting;
    private long[] micros = new long[1 << 16];
    private int answers;

    private WebSocketClients(URI uri, String cookie, @Nullable SslContext tls, int wanted, int inFlight, int seconds) {
        this.uri = uri;
        this.cookie = cookie;
        this.tls = tls;
        this.wanted = wanted;
        this.inFlight = inFlight;
        this.seconds = seconds;
    }

    /// Keeps `each` messages in flight on every connection; says [#BEGIN] when warm and [#RESULT] at the end.
    static Daemon echo(Workbench bench, Target target, int connections, int each, int seconds) {
        return start(bench, target, connections, each, seconds);
    }

    /// Opens all and says [#OPEN]; told anything, sends a message on each and says [#RESULT].
    static Daemon idle(Workbench bench, Target target, int connections) {
        return start(bench, target, connections, 0, 0);
    }

    private static Daemon start(Workbench bench, Target target, int connections, int each, int seconds) {
        String cookie = target.fields().getOrDefault("Cookie", "");
        return bench.startJava(
                "websockets",
                WebSocketClients.class,
                cookie + "\n",
                target.uri("ws").toString(),
                target.authority().toString(),
                "" + connections,
                "" + each,
                "" + seconds);
    }

    /// @param line that begins with [#OPEN] or [#RESULT]
    static Sample parse(String line) {
        String[] words = line.split(" ", 6);
        List<String> faults = words[5].isBlank() ? List.of() : List.of(words[5].strip());
        return new Sample(
                Long.parseLong(words[1]),
                0,
                Double.parseDouble(words[2]),
                Double.parseDouble(words[3]),
                Double.parseDouble(words[4]),
                faults);
    }

    /// @param args URL, the authority's PEM file, connections, messages in flight on each, seconds
    public static void main(String[] args) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        URI uri = URI.create(args[0]);
        SslContext tls = uri.getScheme().equals("https")
                ? SslContextBuilder.forClient()
                        .sslProvider(SslProvider.OPENSSL)
                        .trustManager(Path.of(args[1]).toFile())
                        .build()
                : null;
        var clients = new WebSocketClients(
                uri,
                String.valueOf(input.readLine()),
                tls,
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]));
        var loop = clients.loops.next();
        loop.execute(clients::begin);
        if (input.readLine() != null) {
            loop.execute(clients::ask);
            input.readLine();
        }
        System.exit(0); // whoever started us is gone or has what it wanted
    }

    private void begin() {
        beganNanos = System.nanoTime();
        for (int i = 0; i < HANDSHAKES_AT_ONCE; i++) {
            connectNext();
        }
    }

    private void connectNext() {
        if (begun == wanted) {
            return;
        }
        begun++;
        Bootstrap client = loops.dialler(loops.next()).handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                if (tls != null) {
                    channel.pipeline().addLast(tls.newHandler(channel.alloc(), uri.getHost(), uri.getPort()));
                }
                channel.pipeline()
                        .addLast(new HttpClientCodec(), new HttpObjectAggregator(8 << 10))
                        .addLast(new WebSocketClientProtocolHandler(config()), new Connection());
            }
        });
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort()), ownAddress())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        onFailed(String.valueOf(done.cause()));
                    }
                });
    }

    /// A crowd has many addresses; one address with 10,000 connections is refused by any gateway that counts them.
    private InetSocketAddress ownAddress() {
        byte[] address = {127, 0, 0, (byte) (1 + begun / CONNECTIONS_PER_ADDRESS)};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), 0);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private WebSocketClientProtocolConfig config() {
        var fields = new DefaultHttpHeaders();
        fields.set("Origin", uri.getScheme() + "://" + uri.getAuthority());
        if (!cookie.isEmpty()) {
            fields.set("Cookie", cookie);
        }
        return WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(uri.toString().replaceFirst("http", "ws"))
                .customHeaders(fields)
                .build();
    }

    private void onFailed(String why) {
        failed++;
        if (failed == FAILURES_MAX) {
            wanted = begun;
        }
        if (firstFailure.isEmpty()) {
            firstFailure = why.lines().findFirst().orElse("");
        }
        connectNext();
        settle();
    }

    private void onOpen(Channel channel) {
        open.add(channel);
        connectNext();
        settle();
    }

    private void settle() {
        if (open.size() + failed != wanted) {
            return;
        }
        if (inFlight == 0) {
            say(OPEN, open.size());
            return;
        }
        open.forEach(channel -> {
            for (int i = 0; i < inFlight; i++) {
                send(channel);
            }
        });
        var loop = loops.next();
        loop.schedule(this::count, WARM_UP_SECONDS, TimeUnit.SECONDS);
        loop.schedule(() -> say(RESULT, answers), WARM_UP_SECONDS + seconds, TimeUnit.SECONDS);
    }

    private void count() {
        isCounting = true;
        beganNanos = System.nanoTime();
        System.out.println(BEGIN);
    }

    /// One message on each connection; the answers tell which of them are alive.
    private void ask() {
        isCounting = true;
        beganNanos = System.nanoTime();
        open.forEach(WebSocketClients::send);
        loops.next().schedule(() -> say(RESULT, answers), ASK_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private static void send(Channel channel) {
        channel.attr(Connection.SENT).get().add(System.nanoTime());
        channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(MESSAGE)));
    }

    private void onAnswer(Channel channel) {
        Long sent = channel.attr(Connection.SENT).get().poll();
        if (isCounting && sent != null) {
            if (answers == micros.length) {
                micros = Arrays.copyOf(micros, 2 * answers);
            }
            micros[answers++] = (System.nanoTime() - sent) / 1_000;
        }
        if (inFlight > 0) {
            send(channel);
        } else if (answers == open.size()) {
            say(RESULT, answers);
        }
    }

    private void say(String kind, int done) {
        double elapsed = (System.nanoTime() - beganNanos) / 1e9;
        long[] sorted = Arrays.copyOf(micros, answers);
        Arrays.sort(sorted);
        var fault = new StringJoiner("; ");
        if (failed > 0) {
            fault.add(failed + " connections failed, the first with " + firstFailure);
        }
        if (lost > 0) {
            fault.add(lost + " connections were lost");
        }
        System.out.println(
                kind + done + " " + elapsed + " " + millis(sorted, 0.50) + " " + millis(sorted, 0.99) + " " + fault);
    }

    private static double millis(long[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * part)] / 1e3;
    }

    /// One WebSocket from handshake to end.
    private final class Connection extends SimpleChannelInboundHandler<WebSocketFrame> {
        static final AttributeKey<ArrayDeque<Long>> SENT = AttributeKey.valueOf("sent");
        private boolean isOpen;
        private String why = "closed before it was open";

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().attr(SENT).set(new ArrayDeque<>());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                isOpen = true;
                onOpen(ctx.channel());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof BinaryWebSocketFrame) {
                onAnswer(ctx.channel());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (isOpen) {
                open.remove(ctx.channel());
                lost++;
            } else {
                onFailed(why);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            why = cause.toString();
            ctx.close();
        }
    }
}
