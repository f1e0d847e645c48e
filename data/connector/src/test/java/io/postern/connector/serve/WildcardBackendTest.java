package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Backends that are a wildcard (docs/protocol/tunnel.md §3, §4): the request names the host, and the connector
/// believes it no further than wildcard and `allow` list go.
class WildcardBackendTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private static Http2Headers request(String backend, String host) {
        return TunnelRig.request("GET", backend, "/").set(TunnelProtocol.HOST, host);
    }

    /// WILD-1
    @Test
    void reachesTheHostThatTheRequestNames() throws Exception {
        try (var rig = TunnelRig.open();
                var backend = ScriptedBackend.answering(OK)) {
            String id = rig.publish(TunnelRig.http("w", "*.localhost", backend.port()));

            TestStream answer = rig.open(request(id, "wiki.localhost"), true).awaitEnd();

            assertEquals(200, answer.status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                ".localhost",
                "evil.example",
                "wiki.localhost.evil.example",
                "127.0.0.1",
                "xlocalhost",
                "*.localhost",
                "a..localhost",
                "-.localhost",
                "wiki.localhost:22",
                "user@wiki.localhost",
                "WIKI.localhost",
                "a b.localhost",
                "evil.example/.localhost",
            })
    void dialsNothingThatDoesNotLieUnderTheWildcard(String host) throws Exception {
        try (var rig = TunnelRig.open()) {
            String id = rig.publish(TunnelRig.http("w", "*.localhost", 9));

            TestStream answer = rig.open(request(id, host), true).awaitEnd();

            assertEquals(403, answer.status());
            assertEquals("not-permitted", answer.failure());
        }
    }

    @Test
    void dialsNothingWhenNoHostIsNamed() throws Exception {
        try (var rig = TunnelRig.open()) {
            TestStream answer = rig.get(rig.publish(TunnelRig.http("w", "*.localhost", 9)), "/")
                    .awaitEnd();

            assertEquals("not-permitted", answer.failure());
        }
    }

    @Test
    void aHostThatIsNamedWhereTheBackendIsOneChangesNothing() throws Exception {
        try (var rig = TunnelRig.open();
                var backend = ScriptedBackend.answering(OK)) {
            String id = rig.publish(TunnelRig.http("one", "127.0.0.1", backend.port()));

            assertEquals(
                    200, rig.open(request(id, "evil.example"), true).awaitEnd().status());
        }
    }

    @Test
    void itsOwnAllowListBindsForTheHostThatIsNamed() throws Exception {
        var settings = new ServeSettings(
                AllowList.of(List.of("good.localhost")),
                ProxyChoice.none(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                64,
                64,
                64);
        try (var rig = TunnelRig.open(settings);
                var backend = ScriptedBackend.answering(OK)) {
            String id = rig.publish(TunnelRig.http("w", "*.localhost", backend.port()));

            assertEquals(
                    200,
                    rig.open(request(id, "good.localhost"), true).awaitEnd().status());
            assertEquals(
                    "not-permitted",
                    rig.open(request(id, "bad.localhost"), true).awaitEnd().failure());
        }
    }

    @Test
    void eachHostHasConnectionsAndACertificateNameOfItsOwn() {
        BackendSettings wildcard = TunnelRig.http("w", "*.corp", 80);

        Optional<BackendSettings> wiki = wildcard.at("wiki.corp");

        assertEquals("wiki.corp", wiki.orElseThrow().host());
        assertEquals("w/wiki.corp", wiki.orElseThrow().id());
        assertTrue(TunnelRig.http("one", "wiki.corp", 80).at("wiki.corp").isEmpty());
    }
}
