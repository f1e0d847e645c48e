package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The engine dialect through gateway, tunnel and connector (qlik 3.4, 8.1).
class WebSocketSystemTest {
    private final Quickstart quickstart = Quickstart.shared();
    private final URI sense = quickstart.application("sense");
    private final Browser browser = new Browser(quickstart.authority());

    @BeforeEach
    void signIn() {
        assertEquals(
                200,
                browser.openSignedIn(sense.resolve("hub"), quickstart.user(), quickstart.password())
                        .status());
    }

    private Session open() throws Exception {
        var session = new Session();
        HttpClient client = browser.client();
        session.socket = client.newWebSocketBuilder()
                .header("Cookie", browser.cookiesFor(sense.getHost()))
                .header("Origin", "https://" + sense.getAuthority())
                .buildAsync(URI.create("wss://" + sense.getAuthority() + "/app/engineData"), session)
                .get(10, TimeUnit.SECONDS);
        assertTrue(session.next().contains("OnAuthenticationInformation"));
        assertTrue(session.next().contains("OnConnected"));
        return session;
    }

    @Test
    void answersCallsAndPushesChanges() throws Exception {
        Session session = open();

        session.call(1, "GetDocList", "");
        assertTrue(session.next().contains("Sales pulse"));
        session.call(2, "CreateSessionObject", "");
        assertTrue(session.next().contains("qHandle"));
        assertTrue(session.next().contains("OnChange"), "pushed without being asked");
    }

    @Test
    void carriesAnAnswerOfTenMebibytes() throws Exception {
        Session session = open();

        session.call(1, "DemoBigAnswer", "10485760");

        assertTrue(session.next().length() > 10_485_760);
    }

    @Test
    void passesTheCloseCodeOfTheBackend() throws Exception {
        for (int code : new int[] {1000, 1001, 1011, 4001}) {
            Session session = open();

            session.call(1, "DemoClose", code + ",\"bye\"");

            assertEquals(code, session.closed.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void neverTurnsALostBackendIntoAPoliteEnd() throws Exception {
        Session session = open();

        session.call(1, "DemoKill", "");

        Object end = session.ended.get(10, TimeUnit.SECONDS);
        assertTrue(!end.equals(1000), "the client's recovery depends on it: " + end);
    }

    @Test
    void holdsManySocketsAtOnce() throws Exception {
        var sessions = new ArrayList<Session>();
        for (int i = 0; i < 100; i++) {
            sessions.add(open());
        }
        for (Session session : sessions) {
            session.call(1, "EngineVersion", "");
        }
        for (Session session : sessions) {
            assertTrue(session.next().contains("1.0-demo"));
        }
        sessions.forEach(s -> s.socket.abort());
    }

    private static final class Session implements WebSocket.Listener {
        WebSocket socket;
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        final CompletableFuture<Object> ended = new CompletableFuture<>();
        private final StringBuilder partial = new StringBuilder();

        void call(int id, String method, String parameters) {
            socket.sendText(
                            "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"handle\":-1,\"method\":\"" + method
                                    + "\",\"params\":[" + parameters + "]}",
                            true)
                    .join();
        }

        String next() throws InterruptedException {
            String message = messages.poll(20, TimeUnit.SECONDS);
            return message == null ? "nothing came" : message;
        }

        @Override
        public CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                messages.add(partial.toString());
                partial.setLength(0);
            }
            ws.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
            closed.complete(code);
            ended.complete(code);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket ws, Throwable error) {
            ended.complete(error);
        }
    }
}
