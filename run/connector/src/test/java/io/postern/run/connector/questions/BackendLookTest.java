package io.postern.run.connector.questions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.postern.connector.serve.AllowList;
import io.postern.connector.serve.BackendContexts;
import io.postern.connector.serve.BackendCredentials;
import io.postern.connector.serve.BackendProbe;
import io.postern.connector.serve.ServeSettings;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a connector tells of a backend (PFL-1).
class BackendLookTest {
    private static HttpServer backend;
    private static Loops loops;

    @BeforeAll
    static void start() throws IOException {
        backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        backend.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://inside:4244/login?ticket=s3cr3t#frag");
            exchange.getResponseHeaders().add("Set-Cookie", "X-Qlik-Session=s3cr3t; Path=/");
            exchange.getResponseHeaders().add("WWW-Authenticate", "Negotiate s3cr3t");
            exchange.getResponseHeaders()
                    .add("Server", exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        backend.start();
        loops = Loops.open("look", 1);
    }

    @AfterAll
    static void stop() {
        backend.stop(0);
        loops.close(Duration.ZERO).awaitUninterruptibly();
    }

    private static JsonNode look(AllowList allow, int port, String requests) {
        ServeSettings usual = ServeSettings.defaults();
        var settings = new ServeSettings(
                allow,
                usual.proxies(),
                usual.connectTimeout(),
                usual.idleTimeout(),
                usual.idleConnections(),
                usual.connections(),
                usual.waiting());
        var probe = new BackendProbe(settings, loops, new LocalNames(), new BackendContexts(BackendCredentials.NONE));
        ObjectNode question = (ObjectNode)
                QuestionDoor.JSON.readTree("{\"backend\":{\"scheme\":\"http\",\"host\":\"127.0.0.1\",\"port\":" + port
                        + "},\"requests\":" + requests + "}");
        return new BackendLook(probe, loops).answer(question, Duration.ofSeconds(10));
    }

    private static int port() {
        return backend.getAddress().getPort();
    }

    @Test
    void tellsWhatAPreflightJudgesAndNoMore() {
        JsonNode said =
                look(AllowList.absent(), port(), "[{\"target\":\"/hub\",\"fields\":{\"Host\":\"sense.example\"}}]");

        JsonNode answer = said.path("answers").path(0);
        assertEquals(302, answer.path("status").asInt());
        assertEquals("http://inside:4244/login", answer.path("location").asString());
        assertEquals("X-Qlik-Session", answer.path("cookies").path(0).asString());
        assertEquals("Negotiate", answer.path("authenticate").path(0).asString());
        assertEquals("sense.example", answer.path("server").asString());
        assertTrue(answer.path("headerBytes").asInt() > 100);
        assertFalse(said.toString().contains("s3cr3t"), said.toString());
    }

    @Test
    void looksNowhereThatTheConnectorMayNotReach() {
        JsonNode said = look(AllowList.of(List.of("10.0.0.0/8")), port(), "[{\"target\":\"/\"}]");

        assertEquals(
                "not-permitted", said.path("answers").path(0).path("failure").asString());
    }

    @Test
    void refusesWhatIsNoRequest() {
        String many = "{\"target\":\"/\"},".repeat(9);
        for (String wrong : List.of(
                "[]",
                "[" + many.substring(0, many.length() - 1) + "]",
                "[{\"target\":\"http://elsewhere/\"}]",
                "[{\"target\":\"/a b\\r\\nX: 1\"}]",
                "[{\"target\":\"/\",\"fields\":{\"X Y\":\"1\"}}]",
                "[{\"target\":\"/\",\"fields\":{\"X\":\"a\\r\\nY: 1\"}}]")) {
            assertThrows(IllegalArgumentException.class, () -> look(AllowList.absent(), port(), wrong), wrong);
        }
    }
}
