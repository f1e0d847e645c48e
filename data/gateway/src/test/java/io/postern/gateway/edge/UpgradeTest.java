package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Only a WebSocket upgrades, and only when the backend agrees (security case "h2c / Upgrade tunnelling").
class UpgradeTest {
    private static final ScriptedBackend.Log LOG = new ScriptedBackend.Log();
    private static final String[] HANDSHAKE = {
        "GET /app/ws HTTP/1.1",
        "Host: app.example.test",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol: chat"
    };
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(LOG.factory(() -> ScriptedBackend.manual(true)));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void turnsTheConnectionIntoAWebSocket() {
        try (var client = house.client()) {
            client.send(RawClient.head(HANDSHAKE));
            ScriptedBackend stream = LOG.next();
            assertEquals("CONNECT", stream.head.orElseThrow().method().toString());
            assertEquals("websocket", stream.field(":protocol"));
            assertEquals("chat", stream.field("sec-websocket-protocol"));
            assertEquals("", stream.field("sec-websocket-key"));
            stream.head(
                    new DefaultHttp2Headers()
                            .status("200")
                            .set("sec-websocket-protocol", "chat")
                            .set("set-cookie", "a=1"),
                    false);
            RawClient.Response response = client.response();
            assertEquals(101, response.status());
            // the example of RFC 6455 §1.3
            assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", response.headers().get("sec-websocket-accept"));
            assertEquals("chat", response.headers().get("sec-websocket-protocol"));
            assertEquals("a=1", response.headers().get("set-cookie"));
            client.send("ping");
            House.await(() -> stream.body().equals("ping"));
            stream.data("pong", false);
            assertEquals("pong", client.text(4));
            stream.data("", true);
            assertEquals("", client.untilEnd());
        }
    }

    /// CK-6, better than the original, and CK-2.
    @Test
    void keepsAndTranslatesACookieOfTheUpgradeAnswer() {
        try (var client = house.client()) {
            client.send(RawClient.head(HANDSHAKE));
            ScriptedBackend stream = LOG.next();
            stream.head(
                    new DefaultHttp2Headers()
                            .status("200")
                            .set("set-cookie", "session=1; Path=/wiki/; Domain=inside.corp; HttpOnly; SameSite=None"),
                    false);
            RawClient.Response response = client.response();
            assertEquals(101, response.status());
            assertEquals(
                    "session=1; Path=/app/; HttpOnly; SameSite=None",
                    response.headers().get("set-cookie"));
        }
    }

    @Test
    void passesARefusalAndStaysHttp() {
        try (var client = house.client()) {
            client.send(RawClient.head(HANDSHAKE));
            ScriptedBackend stream = LOG.next();
            stream.head(new DefaultHttp2Headers().status("403").set("content-length", "2"), false);
            stream.data("no", true);
            assertEquals("no", client.response().body());
            client.send("\0\1raw bytes\r\n\r\n");
            assertEquals(400, client.response().status());
        }
    }

    @Test
    void sendsNoByteToTheBackendBeforeItAgreed() {
        try (var client = house.client()) {
            client.send(RawClient.head(HANDSHAKE) + "early");
            ScriptedBackend stream = LOG.next();
            assertEquals("", stream.body());
            stream.head(new DefaultHttp2Headers().status("200"), false);
            House.await(() -> stream.body().equals("early"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "TLS/1.0", "websocket, h2c", "foo"})
    void ignoresEveryOtherUpgrade(String protocol) {
        try (var client = house.client()) {
            String[] lines = HANDSHAKE.clone();
            lines[3] = "Upgrade: " + protocol;
            client.send(RawClient.head(lines));
            ScriptedBackend stream = LOG.next();
            assertEquals("GET", stream.head.orElseThrow().method().toString());
            assertFalse(stream.head.orElseThrow().contains("upgrade"));
            stream.head(new DefaultHttp2Headers().status("204"), true);
            assertEquals(204, client.response().status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Key: short",
                "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!!!",
                "Sec-WebSocket-Version: 8",
                "Content-Length: 5"
            })
    void refusesAMalformedHandshake(String line) {
        try (var client = house.client()) {
            String[] lines = HANDSHAKE.clone();
            lines[line.startsWith("Sec-WebSocket-V") ? 4 : line.startsWith("Sec") ? 5 : 6] = line;
            client.send(RawClient.head(lines));
            assertEquals(400, client.response().status());
        }
        assertTrue(LOG.streams.isEmpty());
    }

    @Test
    void refusesConnect() {
        try (var client = house.client()) {
            client.send(RawClient.head("CONNECT app.example.test:443 HTTP/1.1", "Host: app.example.test"));
            assertEquals(405, client.response().status());
        }
    }
}
