package io.postern.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.postern.fixtures.TestCertificates;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Handshakes on loopback: who believes whom.
class TlsContextsTest {
    private static final String HOST = "connect.example.com";

    private final Loops loops = Loops.open("tls", 1);
    private final TestCertificates authority = TestCertificates.authority("ours");
    private final TestCertificates.Issued server = authority.server(HOST);
    private final SslContext serving =
            TlsContexts.invitingServer(server.key(), server.chain(), authority.authority(), "postern-enroll/1");

    @AfterEach
    void stop() throws Exception {
        loops.close(Duration.ofSeconds(5)).sync();
    }

    @Test
    void aTokensFingerprintIsEnoughToKnowTheAuthority() throws Exception {
        Future<?> done = handshake(serving, byFingerprint(TestCertificates.fingerprint(authority.authority())), HOST);

        assertTrue(done.isSuccess(), () -> String.valueOf(done.cause()));
    }

    @Test
    void anotherFingerprintIsRefused() throws Exception {
        var other = TestCertificates.authority("ours");

        assertTrue(!handshake(serving, byFingerprint(TestCertificates.fingerprint(other.authority())), HOST)
                .isSuccess());
    }

    @Test
    void aLeafsFingerprintIsNoAuthority() throws Exception {
        assertTrue(
                !handshake(serving, byFingerprint(server.fingerprint()), HOST).isSuccess());
    }

    @Test
    void theNameMustFit() throws Exception {
        String fingerprint = TestCertificates.fingerprint(authority.authority());

        assertTrue(!handshake(serving, byFingerprint(fingerprint), "other.example.com")
                .isSuccess());
    }

    @Test
    void openedTlsIsNamedWithTheIssuerSeen() throws Exception {
        TestCertificates.Issued seen =
                TestCertificates.authority("Inspector Root").server(HOST);
        var opened = TlsContexts.invitingServer(seen.key(), seen.chain(), authority.authority(), "postern-enroll/1");

        PeerNotBelieved told = told(handshake(opened, byAuthority(), HOST));
        assertEquals(PeerNotBelieved.Kind.FOREIGN, told.kind());
        assertTrue(String.valueOf(told.getMessage()).contains("issued by 'CN=Inspector Root'"), told.getMessage());
        String token = TestCertificates.fingerprint(authority.authority());
        assertEquals(
                PeerNotBelieved.Kind.FOREIGN,
                told(handshake(opened, byFingerprint(token), HOST)).kind());
    }

    @Test
    void wrongClockIsNamedWithTheDifference() throws Exception {
        Instant now = Instant.now();
        var later = authority.server(now.plusSeconds(7_300), now.plusSeconds(90_000), HOST);
        var earlier = authority.server(now.minusSeconds(900_000), now.minusSeconds(300_000), HOST);

        PeerNotBelieved early = told(handshake(
                TlsContexts.invitingServer(later.key(), later.chain(), authority.authority(), "postern-enroll/1"),
                byAuthority(),
                HOST));
        assertEquals(PeerNotBelieved.Kind.NOT_NOW, early.kind());
        assertTrue(String.valueOf(early.getMessage()).endsWith("2 h 1 min before that"), early.getMessage());
        PeerNotBelieved late = told(handshake(
                TlsContexts.invitingServer(earlier.key(), earlier.chain(), authority.authority(), "postern-enroll/1"),
                byAuthority(),
                HOST));
        assertEquals(PeerNotBelieved.Kind.NOT_NOW, late.kind());
        assertTrue(String.valueOf(late.getMessage()).endsWith("3 days after that"), late.getMessage());
    }

    @Test
    void anotherNameIsAMisfitAndNotInspection() throws Exception {
        assertEquals(
                PeerNotBelieved.Kind.MISFIT,
                told(handshake(serving, byAuthority(), "other.example.com")).kind());
    }

    @Test
    void aBackendOfAnUnknownAuthorityPassesOnlyWithoutValidation() throws Exception {
        var edge = TlsContexts.edge(server.key(), server.chain());

        assertTrue(!handshake(edge, TlsContexts.backend(true), HOST).isSuccess());
        assertTrue(handshake(edge, TlsContexts.backend(false), "any.example").isSuccess());
    }

    @Test
    void aFingerprintThatIsNoneIsNamed() {
        var refused = assertThrows(IllegalArgumentException.class, () -> PinnedAuthority.ofFingerprint("abc"));

        assertEquals("'abc' is not the SHA-256 of a certificate: 64 hex digits are needed", refused.getMessage());
    }

    private SslContext byAuthority() {
        return TlsContexts.client(PinnedAuthority.of(authority.authority()), "postern-enroll/1");
    }

    private static PeerNotBelieved told(Future<?> done) {
        return PeerNotBelieved.in(done.cause()).orElseThrow(() -> new AssertionError(done.cause()));
    }

    private static SslContext byFingerprint(String fingerprint) {
        return TlsContexts.client(PinnedAuthority.ofFingerprint(fingerprint), "postern-enroll/1");
    }

    private Future<?> handshake(SslContext serving, SslContext client, String host) throws Exception {
        Channel listener = loops.listener()
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(serving.newHandler(channel.alloc()), new Quiet());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        var tls = new SslHandler[1];
        Channel channel = loops.dialler(loops.next())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel on) {
                        tls[0] = client.newHandler(on.alloc(), host, port);
                        on.pipeline().addLast(tls[0], new Quiet());
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        Future<Channel> done = tls[0].handshakeFuture();
        assertTrue(done.await(20, TimeUnit.SECONDS));
        channel.close().sync();
        listener.close().sync();
        return done;
    }

    private static final class Quiet extends io.netty.channel.ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(io.netty.channel.ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
