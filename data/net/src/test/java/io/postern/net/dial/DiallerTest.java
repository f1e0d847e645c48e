package io.postern.net.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Connections outward against real sockets and a proxy that says what the test wants.
class DiallerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static Loops loops;

    @BeforeAll
    static void open() {
        loops = Loops.open("dial", 1);
    }

    @AfterAll
    static void close() {
        loops.close(Duration.ofSeconds(1)).syncUninterruptibly();
    }

    @Test
    void addressThatSwallowsPacketsDoesNotHoldUpTheNext() throws Exception {
        try (var silent = new SilentAddress("127.0.0.2");
                var listening = new ServerSocket(silent.port(), 5, InetAddress.ofLiteral("127.0.0.3"))) {
            var found = List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.3"));
            Channel channel = await(direct().dial(
                                    loops.next(),
                                    "wiki.corp",
                                    found,
                                    listening.getLocalPort(),
                                    Optional.empty(),
                                    LIMIT))
                    .getNow();
            var remote = (InetSocketAddress) channel.remoteAddress();
            assertEquals("127.0.0.3", remote.getAddress().getHostAddress());
            channel.close();
        }
    }

    @Test
    void namesEveryAddressThatFailed() throws Exception {
        int port = freePort();
        Future<Channel> dialled = await(direct().dial(loops.next(), new HostPort("localhost", port), LIMIT));
        var fault = assertInstanceOf(DialFault.class, dialled.cause());
        assertEquals(DialFault.Kind.CONNECT, fault.kind());
        assertTrue(String.valueOf(fault.getMessage()).startsWith("127.0.0.1: Connection refused; "), fault.toString());
    }

    @Test
    void silenceEverywhereIsATimeout() throws Exception {
        try (var silent = new SilentAddress("127.0.0.2")) {
            Future<Channel> dialled = await(
                    direct().dial(loops.next(), new HostPort("127.0.0.2", silent.port()), Duration.ofMillis(300)));
            assertEquals(
                    DialFault.Kind.TIMEOUT,
                    assertInstanceOf(DialFault.class, dialled.cause()).kind());
        }
    }

    @Test
    void proxyIsAskedByNameAndWithCredentials() throws Exception {
        try (var proxy = new ScriptedProxy("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n")) {
            Dialler dialler = through(proxy, "http://svc:secret@");
            Channel channel = await(dialler.dial(loops.next(), new HostPort("connect.example.com", 443), LIMIT))
                    .getNow();
            var heard = new LinkedBlockingQueue<String>();
            channel.eventLoop().execute(() -> {
                channel.pipeline().addLast(new Reader(heard));
                channel.config().setAutoRead(true);
                channel.writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII));
            });
            assertEquals("hello", heard.poll(20, TimeUnit.SECONDS));
            String head = proxy.head();
            assertTrue(head.startsWith("CONNECT connect.example.com:443 HTTP/1.1\r\n"), head);
            assertTrue(head.contains("roxy-authorization: Basic c3ZjOnNlY3JldA==\r\n"), head);
            channel.close();
        }
    }

    @Test
    void addressesAreAskedForOneAfterTheOtherAndNeverByName() throws Exception {
        try (var proxy = new ScriptedProxy("HTTP/1.1 502 Bad Gateway\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n")) {
            var found = List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("fd00::7"));
            Channel channel = await(direct().dial(
                                    loops.next(),
                                    "wiki.corp",
                                    found,
                                    80,
                                    Optional.of(HttpProxy.parse(proxy.url(""))),
                                    LIMIT))
                    .getNow();
            assertTrue(proxy.head().startsWith("CONNECT 192.0.2.1:80 "));
            String second = proxy.head();
            assertTrue(second.startsWith("CONNECT [fd00:0:0:0:0:0:0:7]:80 "), second);
            assertFalse(second.contains("wiki.corp"), second);
            channel.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 407 Who~Proxy-Authenticate: Basic realm=\"x\"~~ |           | wants a user and a password (407)",
                "HTTP/1.1 407 Who~Proxy-Authenticate: Basic realm=\"x\"~~ | svc:wrong@ | does not take the user 'svc'",
                "HTTP/1.1 407 Who~Proxy-Authenticate: Negotiate~Proxy-Authenticate: NTLM~~ | svc:x@ | wants Negotiate or NTLM",
                "HTTP/1.1 403 Filtered~~ | | blocks CONNECT to connect.example.com:443 (403 Filtered)",
                "HTTP/1.1 502 Bad Gateway~~ | | cannot reach connect.example.com:443 (502 Bad Gateway)",
                "HTTP/1.1 500 Oops~~ | | refuses CONNECT to connect.example.com:443 (500 Oops)",
                "SSH-2.0-OpenSSH_9.2~~ | | does not answer as an HTTP proxy does",
                "'' | | closed the connection without an answer",
            })
    void refusalIsNamedWithItsRemedy(String answer, String credentials, String expected) throws Exception {
        try (var proxy = new ScriptedProxy(answer.replace("~", "\r\n"))) {
            Dialler dialler = through(proxy, "http://" + (credentials == null ? "" : credentials));
            Future<Channel> dialled =
                    await(dialler.dial(loops.next(), new HostPort("connect.example.com", 443), LIMIT));
            var fault = assertInstanceOf(DialFault.class, dialled.cause());
            assertEquals(DialFault.Kind.PROXY, fault.kind());
            String message = String.valueOf(fault.getMessage());
            assertTrue(message.startsWith("the proxy http://127.0.0.1:" + proxy.port()), message);
            assertTrue(message.contains(expected), message);
            assertFalse(message.contains("wrong"), message);
        }
    }

    @Test
    void proxyThatIsNotThereIsNamedWithItsPlace() throws Exception {
        HttpProxy proxy = HttpProxy.parse("http://127.0.0.1:" + freePort());
        var choice = new ProxyChoice(Optional.of(proxy), NoProxy.nothing(), true, "connector.yaml");
        Future<Channel> dialled = await(new Dialler(loops, new LocalNames(), choice)
                .dial(loops.next(), new HostPort("connect.example.com", 443), LIMIT));
        String message = String.valueOf(
                assertInstanceOf(DialFault.class, dialled.cause()).getMessage());
        assertTrue(message.contains("cannot be reached (127.0.0.1: Connection refused)"), message);
        assertTrue(message.endsWith("in connector.yaml"), message);
    }

    private static Dialler direct() {
        return new Dialler(loops, new LocalNames(), ProxyChoice.none());
    }

    private static Dialler through(ScriptedProxy proxy, String prefix) {
        HttpProxy parsed = HttpProxy.parse(proxy.url(prefix.substring("http://".length())));
        return new Dialler(
                loops, new LocalNames(), new ProxyChoice(Optional.of(parsed), NoProxy.nothing(), true, "--proxy"));
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static <T> Future<T> await(Future<T> future) throws InterruptedException {
        assertTrue(future.await(30, TimeUnit.SECONDS));
        return future;
    }

    /// Takes no connection: its queue is full, so the kernel drops what asks for another.
    private static final class SilentAddress implements AutoCloseable {
        private final ServerSocket full;
        private final List<Socket> queue = new ArrayList<>();

        SilentAddress(String address) throws IOException {
            full = new ServerSocket(0, 1, InetAddress.ofLiteral(address));
            for (int i = 0; i < 8; i++) {
                var socket = new Socket();
                queue.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 100);
                } catch (IOException e) {
                    return; // it is full now
                }
            }
        }

        int port() {
            return full.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queue) {
                socket.close();
            }
            full.close();
        }
    }

    /// Answers each connection with the next of its texts, keeps what was asked, and echoes where it agreed.
    private static final class ScriptedProxy implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        private final List<Socket> taken = new CopyOnWriteArrayList<>();

        ScriptedProxy(String... answers) throws IOException {
            Thread.ofVirtual().start(() -> {
                try {
                    for (String answer : answers) {
                        Socket socket = server.accept();
                        taken.add(socket);
                        var head = new StringBuilder();
                        for (int b = socket.getInputStream().read();
                                b >= 0;
                                b = socket.getInputStream().read()) {
                            head.append((char) b);
                            if (head.indexOf("\r\n\r\n") >= 0) {
                                break;
                            }
                        }
                        heads.add(head.toString());
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                        if (answer.isEmpty()) {
                            socket.close();
                        } else if (answer.startsWith("HTTP/1.1 200")) {
                            Thread.ofVirtual().start(() -> echo(socket));
                        }
                    }
                } catch (IOException e) {
                    heads.add("(" + e.getMessage() + ")");
                }
            });
        }

        private static void echo(Socket socket) {
            try {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException e) {
                assertTrue(socket.isClosed(), e::toString);
            }
        }

        String url(String credentials) {
            return "http://" + credentials + "127.0.0.1:" + port();
        }

        int port() {
            return server.getLocalPort();
        }

        String head() throws InterruptedException {
            return String.valueOf(heads.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Socket socket : taken) {
                socket.close();
            }
        }
    }

    private static final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
        private final BlockingQueue<String> heard;

        Reader(BlockingQueue<String> heard) {
            this.heard = heard;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            heard.add(bytes.toString(StandardCharsets.US_ASCII));
        }
    }
}
