package io.postern.sense;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The way in, as the old release and the new one have it.
class LoginTest {
    private static final HostPort ANY = new HostPort("127.0.0.1", 0);
    private static final Map<String, String> USERS = Map.of("ada", "correct horse");
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    private HttpResponse<String> get(String url, String... fields) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String url, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String location(HttpResponse<String> answer) {
        assertEquals(302, answer.statusCode(), answer.body());
        return answer.headers().firstValue("Location").orElseThrow();
    }

    @Test
    void theOldReleaseSendsToItsOtherPortAndTakesATicketOnce() throws Exception {
        try (SenseDemo demo = SenseDemo.start(ANY, SenseSetup.old(ANY, USERS))) {
            String site = "http://127.0.0.1:" + demo.port();
            String login = location(get(site + "/hub?a=b"));
            assertTrue(
                    login.startsWith(
                            "http://127.0.0.1:" + demo.loginPort() + "/internal_forms_authentication/?targetId="),
                    login);
            assertTrue(get(login).body().contains("name=\"pwd\""));
            assertTrue(post(login, "username=ada&pwd=wrong").body().contains("incorrect"));

            String back = location(post(login, "username=ada&pwd=correct+horse"));
            assertTrue(back.startsWith(site + "/hub?a=b&qlikTicket="), back);
            var entered = get(back);

            assertEquals("/hub?a=b", location(entered));
            assertEquals(200, get(site + "/hub").statusCode());
            assertTrue(get(site + "/qps/user").body().contains("\"ada\""));
            assertEquals(
                    302,
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create(back)).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode(),
                    "a ticket opens one session");
            assertEquals(
                    404, get("http://127.0.0.1:" + demo.loginPort() + "/hub").statusCode());
        }
    }

    @Test
    void aTicketIsOverAfterAMinute() {
        var now = new AtomicLong();
        var logins = new Logins(SenseSetup.old(ANY, USERS), now::get);
        String early = logins.ticket("ada");
        String late = logins.ticket("ada");

        now.set(Logins.TICKET_LIFE.toNanos() - 1);
        assertTrue(logins.redeem(early).isPresent());
        now.set(Logins.TICKET_LIFE.toNanos());
        assertEquals(Optional.empty(), logins.redeem(late));
    }

    @Test
    void windowsIsAskedOfThoseWhoseUserAgentSaysSo() throws Exception {
        try (SenseDemo demo = SenseDemo.start(ANY, SenseSetup.today(USERS, List.of()))) {
            String site = "http://127.0.0.1:" + demo.port();
            String login = location(get(site + "/hub", "User-Agent", "Mozilla/5.0 (Windows NT 10.0)"));

            assertTrue(login.startsWith("/internal_windows_authentication/?targetId="), login);
            var asked = get(site + login);
            assertEquals(401, asked.statusCode());
            assertEquals(Optional.of("Negotiate"), asked.headers().firstValue("WWW-Authenticate"));
        }
    }

    @Test
    void theNewReleaseComparesOriginAndToken() throws Exception {
        try (SenseDemo demo = SenseDemo.start(ANY, SenseSetup.today(USERS, List.of("sense.example.com")))) {
            String site = "http://127.0.0.1:" + demo.port();
            get(location(post(site + location(get(site + "/hub")), "username=ada&pwd=correct+horse")));
            String token = get(site + "/qps/csrftoken")
                    .headers()
                    .firstValue("qlik-csrf-token")
                    .orElseThrow();
            String socket = "ws://127.0.0.1:" + demo.port() + "/app/engineData";
            String withToken = socket + "?qlik-csrf-token=" + token;

            assertEquals(101, upgrade(withToken, "https://sense.example.com"));
            assertEquals(101, upgrade(withToken, "https://sense.example.com:8443"));
            assertEquals(403, upgrade(withToken, "https://evil.example"));
            assertEquals(403, upgrade(withToken, "https://evilsense.example.com"));
            assertEquals(403, upgrade(socket, "https://sense.example.com"));
            assertFalse(token.isEmpty());
        }
    }

    @Test
    void aSocketWithoutSessionHearsWhereTheLoginIs() throws Exception {
        try (SenseDemo demo = SenseDemo.start(ANY, SenseSetup.old(ANY, USERS))) {
            var first = new CompletableFuture<String>();
            client.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + demo.port() + "/app/engineData"), new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                                    first.complete(data.toString());
                                    return WebSocket.Listener.super.onText(socket, data, last);
                                }
                            })
                    .join();

            String told = first.join();
            assertTrue(told.contains("\"mustAuthenticate\":true"), told);
            assertTrue(told.contains(":" + demo.loginPort() + "/internal_forms_authentication/"), told);
        }
    }

    private int upgrade(String url, String origin) {
        try {
            client.newWebSocketBuilder()
                    .header("Origin", origin)
                    .buildAsync(URI.create(url), new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }
}
