package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What an administrator takes back ends at once, through service, gateway and connector (CAE-1, CAE-4).
class RevocationSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "r.evoked@contoso.example";
    private static final String OWN_PASSWORD = "umbrella-tractor-velvet-41";

    private final Quickstart quickstart = Quickstart.shared();
    private final URI sense = quickstart.application("sense");

    @TempDir
    Path folder;

    @Test
    void whatIsOpenEndsAndTheNextRequestIsRefused() throws Exception {
        String password = JSON.readTree(
                        quickstart.cli("user", "add", USER, "--json").expectSuccess())
                .path("password")
                .asString();
        quickstart.cli("app", "assign", "sense", "--user", USER).expectSuccess();

        Open first = signIn(password); // and chooses a password of his own
        JsonNode sessions = JSON.readTree(
                quickstart.cli("session", "list", "--user", USER, "--json").expectSuccess());
        assertEquals(1, sessions.size(), sessions.toString());
        quickstart
                .cli("session", "end", sessions.path(0).path("id").asString(), "--user", USER)
                .expectSuccess();
        first.endsWith1008();

        Open second = signIn(OWN_PASSWORD);
        quickstart.cli("user", "revoke", USER).expectSuccess();
        second.endsWith1008();

        String signIns = quickstart.cli("audit", "signins", "--user", USER).expectSuccess();
        assertTrue(signIns.contains("sense") && signIns.contains("Password"), signIns);
        String audit = quickstart.cli("audit", "list", "--top", "20").expectSuccess();
        assertTrue(audit.contains("End sign-in session") && audit.contains("Revoke sign-in sessions"), audit);
        quickstart.cli("audit", "verify").expectSuccess();
        Path file = folder.resolve("audit.jsonl");
        quickstart.cli("audit", "export", "--output", file.toString()).expectSuccess();
        quickstart.cli("audit", "verify", "--file", file.toString()).expectSuccess();
        Files.writeString(file, Files.readString(file).replaceFirst("End sign-in session", "And sign-in session"));
        var tampered = quickstart.cli("audit", "verify", "--file", file.toString());
        assertEquals(1, tampered.exit());
        assertTrue(tampered.output().contains("is not what was written"), tampered.output());
    }

    private Open signIn(String password) throws Exception {
        var browser = new Browser(quickstart.authority());
        Browser.Page page = browser.openSignedIn(sense.resolve("hub"), USER, password);
        if (page.body().contains("name=\"again\"")) {
            page = browser.fill(page, Map.of("new", OWN_PASSWORD, "again", OWN_PASSWORD));
            page = browser.fill(page, Map.of("stay", "no"));
        }
        assertEquals(sense.resolve("hub").getPath(), page.uri().getPath(), page.body());
        assertEquals(200, page.status());
        var open = new Open(browser);
        browser.client()
                .newWebSocketBuilder()
                .header("Cookie", browser.cookiesFor(sense.getHost()))
                .header("Origin", "https://" + sense.getAuthority())
                .buildAsync(URI.create("wss://" + sense.getAuthority() + "/app/engineData"), open)
                .get(10, TimeUnit.SECONDS);
        HttpResponse<InputStream> events = browser.client()
                .send(
                        HttpRequest.newBuilder(sense.resolve("events"))
                                .header("Cookie", browser.cookiesFor(sense.getHost()))
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, events.statusCode());
        open.events = CompletableFuture.supplyAsync(() -> {
            try {
                events.body().readAllBytes();
                return "ended as if it were whole";
            } catch (IOException e) {
                return "broken off";
            }
        });
        return open;
    }

    /// A WebSocket and a stream of events of one browser.
    private final class Open implements WebSocket.Listener {
        private final Browser browser;
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private CompletableFuture<String> events = new CompletableFuture<>();

        Open(Browser browser) {
            this.browser = browser;
        }

        void endsWith1008() throws Exception {
            assertEquals(1008, closed.get(10, TimeUnit.SECONDS));
            assertEquals("broken off", events.get(10, TimeUnit.SECONDS));
            assertEquals(302, browser.step(sense.resolve("hub")).status());
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
