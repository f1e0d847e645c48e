package io.postern.sense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SenseDemoTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static SenseDemo demo;

    @BeforeAll
    static void start() throws IOException {
        demo = SenseDemo.start(new HostPort("127.0.0.1", 0));
    }

    @AfterAll
    static void stop() {
        demo.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/hub",
                "/sense/app/1f4a2c60-0001-4000-8000-000000000001",
                "/content/default/WebsocketTest.html",
                "/sense.css",
                "/hub.js",
                "/app.js",
                "/engine.js",
                "/tester.js",
                "/favicon.svg"
            })
    void servesItsPages(String path) throws Exception {
        assertEquals(200, get(path).statusCode());
    }

    @Test
    void refusesWhatItDoesNotHave() throws Exception {
        assertEquals(404, get("/web/../SenseDemo.class").statusCode());
        assertEquals(404, get("/nowhere").statusCode());
    }

    @Test
    void digestsAnUpload() throws Exception {
        var request = HttpRequest.newBuilder(uri("/upload"))
                .POST(HttpRequest.BodyPublishers.ofString("abc"))
                .build();

        var answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();

        assertTrue(answer.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), answer);
        assertTrue(answer.contains("\"bytes\":3"), answer);
    }

    @Test
    void downloadsAnySizeAndAnyRangeOfIt() throws Exception {
        var whole = CLIENT.send(
                HttpRequest.newBuilder(uri("/tempcontent/x?size=200000")).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        var part = CLIENT.send(
                HttpRequest.newBuilder(uri("/tempcontent/x?size=200000"))
                        .header("Range", "bytes=65530-65600")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertEquals(200_000, whole.body().length);
        assertEquals(206, part.statusCode());
        assertArrayEquals(java.util.Arrays.copyOfRange(whole.body(), 65_530, 65_601), part.body());
    }

    @Test
    void asksForTheSameKeyInQueryAndField() throws Exception {
        var without = CLIENT.send(
                HttpRequest.newBuilder(uri("/qrs/about?xrfkey=abcdefghijklmnop"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        var with = CLIENT.send(
                HttpRequest.newBuilder(uri("/qrs/about?xrfkey=abcdefghijklmnop"))
                        .header("X-Qlik-Xrfkey", "abcdefghijklmnop")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertEquals(403, without.statusCode());
        assertEquals(200, with.statusCode());
    }

    @Test
    void pushesEventsWithoutBeingAsked() throws Exception {
        var lines = CLIENT.send(HttpRequest.newBuilder(uri("/events")).build(), HttpResponse.BodyHandlers.ofLines())
                .body();

        assertTrue(lines.limit(2).collect(Collectors.joining("\n")).startsWith("event: totals\ndata: {"));
    }

    @Test
    void speaksTheEngineDialectOverWebSocket() throws Exception {
        var session = new Session();
        WebSocket socket = CLIENT.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + demo.port() + "/app/engineData"), session)
                .get(10, TimeUnit.SECONDS);
        assertTrue(session.next().contains("OnAuthenticationInformation"));
        assertTrue(session.next().contains("SESSION_CREATED"));

        socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"GetDocList\",\"params\":[]}", true);
        assertTrue(session.next().contains("Sales pulse"));
        socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"Nonsense\",\"params\":[]}", true);
        assertTrue(session.next().contains("-32601"));
        socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"CreateSessionObject\",\"params\":[]}", true);
        assertTrue(session.next().contains("\"qHandle\":2"));
        assertTrue(session.next().contains("OnChange"));
        socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"DemoClose\",\"params\":[4001,\"bye\"]}", true);

        assertEquals(4001, session.closed.get(10, TimeUnit.SECONDS));
    }

    @Test
    void saysWhichAddressItCannotTake() {
        var failure = assertThrows(IOException.class, () -> SenseDemo.start(new HostPort("127.0.0.1", demo.port())));

        assertTrue(failure.getMessage().contains("127.0.0.1:" + demo.port()));
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + demo.port() + path);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static final class Session implements WebSocket.Listener {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder partial = new StringBuilder();

        String next() throws InterruptedException {
            String message = messages.poll(10, TimeUnit.SECONDS);
            return message == null ? "nothing came" : message;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                messages.add(partial.toString());
                partial.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return WebSocket.Listener.super.onClose(socket, code, reason);
        }
    }
}
