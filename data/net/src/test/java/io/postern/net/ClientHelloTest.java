package io.postern.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.postern.fixtures.TestCertificates;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {
    @Test
    void readsHostAndProtocolsOfARealHello() throws Exception {
        ClientHello hello = parse(record("Wiki.Example.COM", "h2", "http/1.1"));

        assertEquals(Optional.of("wiki.example.com"), hello.host());
        assertEquals(List.of("h2", "http/1.1"), hello.protocols());
        assertTrue(hello.offers("h2"));
        assertFalse(hello.offers("postern-tunnel/1"));
    }

    @Test
    void aHelloWithoutExtensionsAsksForNothing() {
        ClientHello hello = ClientHello.parse(Unpooled.wrappedBuffer(new byte[2 + 32 + 1 + 2 + 1]));

        assertEquals(new ClientHello(Optional.empty(), List.of()), hello);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "a\u0000b", "..%2f", "ex\u00e4mple"})
    void aNameThatIsNoHostIsNoHost(String name) {
        assertEquals(Optional.empty(), ClientHello.parse(withName(name)).host());
    }

    @Test
    void aFinalDotIsNotPartOfTheName() {
        assertEquals(
                Optional.of("a.example"),
                ClientHello.parse(withName("a.example.")).host());
    }

    /// Seeded: whatever bytes change, the answer is a hello or an argument error, never another exception.
    @Test
    void survivesDamagedHellos() throws Exception {
        byte[] whole = record("wiki.example.com", "h2", "http/1.1");
        var random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = java.util.Arrays.copyOfRange(whole, 9, 9 + random.nextInt(whole.length - 9 + 1));
            for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                ClientHello hello = ClientHello.parse(Unpooled.wrappedBuffer(damaged));
                assertTrue(hello.host().map(FieldRules::isName).orElse(true));
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains("ClientHello"));
            }
        }
    }

    @Nested
    class Router {
        private final List<Throwable> refused = new ArrayList<>();
        private final List<ClientHello> chosen = new ArrayList<>();
        private final SslContext tls;

        Router() {
            var certificate = TestCertificates.authority("a").server("wiki.example.com");
            tls = TlsContexts.edge(certificate.key(), certificate.chain());
        }

        @Test
        void putsTlsInItsPlaceEvenWhenTheHelloComesByteByByte() throws Exception {
            EmbeddedChannel channel = channel();

            for (byte b : record("wiki.example.com", "h2")) {
                channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {b}));
            }

            assertEquals(Optional.of("wiki.example.com"), chosen.getFirst().host());
            assertTrue(channel.pipeline().get(ClientHelloRouter.TLS) instanceof SslHandler);
            channel.finishAndReleaseAll();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
                    "\u0000\u0001\u0002\u0003\u0004\u0005\u0006",
                    "SSH-2.0-OpenSSH_9\r\n"
                })
        void closesWhatIsNotTls(String garbage) {
            EmbeddedChannel channel = channel();

            channel.writeInbound(Unpooled.copiedBuffer(garbage, StandardCharsets.ISO_8859_1));

            assertFalse(channel.isOpen());
            assertEquals(1, refused.size());
            channel.finishAndReleaseAll();
        }

        @Test
        void closesAHelloThatIsTooLong() {
            EmbeddedChannel channel = channel();

            channel.writeInbound(Unpooled.buffer()
                    .writeBytes(new byte[] {22, 3, 1, 0x40, 0, 1, 0, (byte) 0xff, (byte) 0xff})
                    .writeZero(0x4000 - 4));

            assertFalse(channel.isOpen());
            channel.finishAndReleaseAll();
        }

        @Test
        void closesWhoeverSaysNothing() {
            EmbeddedChannel channel = channel();
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {22, 3, 1}));

            channel.advanceTimeBy(ClientHelloRouter.HELLO_TIMEOUT_MILLIS + 1L, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();

            assertFalse(channel.isOpen());
            channel.finishAndReleaseAll();
        }

        @Test
        void closesWhenNoContextFits() throws Exception {
            EmbeddedChannel channel = channel(hello -> {
                throw new IllegalStateException("no certificate");
            });

            channel.writeInbound(Unpooled.wrappedBuffer(record("wiki.example.com", "h2")));

            assertFalse(channel.isOpen());
            assertEquals("no certificate", refused.getFirst().getMessage());
            channel.finishAndReleaseAll();
        }

        @Test
        void beginsTheHandshakeWhenItsTurnHasCome() throws Exception {
            var turns = new ArrayDeque<Runnable>();
            EmbeddedChannel channel = channel(hello -> tls, turns::add);

            channel.writeInbound(Unpooled.wrappedBuffer(record("wiki.example.com", "h2")));
            channel.advanceTimeBy(ClientHelloRouter.HELLO_TIMEOUT_MILLIS + 1L, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            assertTrue(channel.isOpen(), "it is not the client who is late");
            assertTrue(chosen.isEmpty());

            turns.remove().run();
            assertTrue(channel.pipeline().get(ClientHelloRouter.TLS) instanceof SslHandler);
            channel.finishAndReleaseAll();
        }

        @Test
        void whoHangsUpBeforeItsTurnCostsNoHandshake() throws Exception {
            var turns = new ArrayDeque<Runnable>();
            EmbeddedChannel channel = channel(hello -> tls, turns::add);

            channel.writeInbound(Unpooled.wrappedBuffer(record("wiki.example.com", "h2")));
            channel.close();
            turns.remove().run();

            assertTrue(chosen.isEmpty());
            assertTrue(refused.isEmpty());
            channel.finishAndReleaseAll();
        }

        private EmbeddedChannel channel() {
            return channel(hello -> tls);
        }

        private EmbeddedChannel channel(Function<ClientHello, SslContext> choice) {
            return channel(choice, Runnable::run);
        }

        private EmbeddedChannel channel(Function<ClientHello, SslContext> choice, Consumer<Runnable> turns) {
            var channel = new EmbeddedChannel();
            channel.freezeTime();
            channel.pipeline().addLast(new ClientHelloRouter() {
                @Override
                protected SslContext choose(Channel on, ClientHello hello) {
                    chosen.add(hello);
                    return choice.apply(hello);
                }

                @Override
                protected void takeTurn(ClientHello hello, Runnable begin) {
                    turns.accept(begin);
                }

                @Override
                protected void onRefused(Channel on, Throwable why) {
                    refused.add(why);
                }
            });
            return channel;
        }
    }

    @Test
    void lengthsThatDoNotAddUpAreRefused() {
        ByteBuf hello = Unpooled.buffer().writeZero(34).writeByte(200);

        assertThrows(IllegalArgumentException.class, () -> ClientHello.parse(hello));
    }

    private static ByteBuf withName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuf extension = Unpooled.buffer()
                .writeShort(bytes.length + 3)
                .writeByte(0)
                .writeShort(bytes.length)
                .writeBytes(bytes);
        return Unpooled.buffer()
                .writeZero(34)
                .writeByte(0)
                .writeShort(0)
                .writeByte(0)
                .writeShort(extension.readableBytes() + 4)
                .writeShort(0)
                .writeShort(extension.readableBytes())
                .writeBytes(extension);
    }

    private static ClientHello parse(byte[] record) {
        return ClientHello.parse(Unpooled.wrappedBuffer(record, 9, record.length - 9));
    }

    /// A TLS record with the hello of the JDK's own client.
    private static byte[] record(String host, String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] record = new byte[out.flip().remaining()];
        out.get(record);
        return record;
    }
}
