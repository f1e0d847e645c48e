package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import io.postern.fixtures.Browser;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Settings of a publication (1.8, 1.9, 1.12) through real gateway, tunnel and connector.
class PublicationSystemTest {
    private final Quickstart quickstart = Quickstart.shared();
    private final Browser browser = new Browser(quickstart.authority());
    private final HttpBackend backend = new HttpBackend(HttpBackend::empty);

    @AfterEach
    void close() {
        backend.close();
    }

    private URI published(String name, String... more) {
        var command = new ArrayList<>(List.of("app", "publish", "--name", name, "--internal-url", backend.url()));
        command.addAll(List.of(more));
        quickstart.cli(command.toArray(String[]::new)).expectSuccess();
        if (!command.contains("passthrough")) {
            quickstart.cli("app", "assign", name, "--user", quickstart.user()).expectSuccess();
        }
        return onHost(name);
    }

    private URI onHost(String name) {
        return URI.create(quickstart.application("sense").toString().replace("sense-", name + "-"));
    }

    private void set(String name, String property) {
        quickstart.cli("app", "set", name, "--set", property).expectSuccess();
    }

    private HttpResponse<String> get(URI uri, String... fields) throws Exception {
        var request = HttpRequest.newBuilder(uri);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return browser.client().send(request.build(), BodyHandlers.ofString());
    }

    private void awaitRouted(URI uri) {
        Await.until("the connector serves " + uri, () -> get(uri).statusCode() == 204);
        backend.next();
    }

    /// 1.9: 64 KiB of fields, and many more than the original's sixty.
    @Test
    void sixtyKibibytesOfFieldsPassInBothDirections() throws Exception {
        URI app = published("large", "--preauth", "passthrough");
        awaitRouted(app);
        String value = "v".repeat(300);
        backend.answers(exchange -> {
            for (int i = 0; i < 170; i++) {
                exchange.getResponseHeaders().add("X-Answer-" + i, value + i);
            }
            exchange.sendResponseHeaders(204, -1);
        });
        var fields = new ArrayList<String>();
        for (int i = 0; i < 170; i++) {
            fields.addAll(List.of("X-Field-" + i, value + i));
        }

        HttpResponse<String> answer = get(app, fields.toArray(String[]::new));

        assertEquals(204, answer.statusCode(), answer.body());
        Headers sent = backend.next();
        for (int i = 0; i < 170; i++) {
            assertEquals(value + i, sent.getFirst("X-Field-" + i));
            assertEquals(value + i, answer.headers().firstValue("X-Answer-" + i).orElse(""));
        }
        String one = "w".repeat(60 * 1024);
        backend.answers(exchange -> {
            exchange.getResponseHeaders().add("X-One", one);
            exchange.sendResponseHeaders(204, -1);
        });
        assertEquals(one, get(app, "X-One", one).headers().firstValue("X-One").orElse(""));
        assertEquals(one, backend.next().getFirst("X-One"));
    }

    @Test
    void backendsAreNotToldWhatStrangersSayOfTheWay() throws Exception {
        URI app = published("wayward", "--preauth", "passthrough");
        awaitRouted(app);

        get(
                app,
                "X-Forwarded-For",
                "192.0.2.66",
                "X-Forwarded-Host",
                "evil.example",
                "X-Forwarded-Proto",
                "http",
                "Forwarded",
                "for=192.0.2.66;host=evil.example",
                "X-Real-IP",
                "192.0.2.66",
                "X_Forwarded_Host",
                "evil.example");

        Headers sent = backend.next();
        assertEquals("192.0.2.66, 127.0.0.1", sent.getFirst("X-Forwarded-For"), "extended and not believed");
        assertEquals(app.getAuthority(), sent.getFirst("X-Forwarded-Host"));
        assertEquals("https", sent.getFirst("X-Forwarded-Proto"));
        assertTrue(sent.getFirst("Forwarded").contains("for=127.0.0.1"), sent.getFirst("Forwarded"));
        assertNull(sent.getFirst("X-Real-IP"));
        assertNull(sent.getFirst("X_Forwarded_Host"));
    }

    /// FE-1, FE-2: the user stays on the host that he came by.
    @Test
    void signInComesBackToTheAlternateHost() {
        URI alternate = onHost("frontdoor");
        published("behind", "--alternate-url", alternate.toString());
        backend.answers(exchange -> {
            byte[] text = "from behind".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        });

        URI asked = alternate.resolve("deep/page?a=1");
        Browser.Page page = browser.openSignedIn(asked, quickstart.user(), quickstart.password());

        assertEquals(asked, page.uri());
        assertEquals("from behind", page.body());
        assertTrue(browser.cookiesFor(alternate.getHost()).contains("__Host-postern-access-"));
        assertEquals("", browser.cookiesFor(onHost("behind").getHost()));
    }

    /// 1.8, CK-1, CK-5: each switch as the user agent sees it.
    @ParameterizedTest
    @CsvSource({
        "isHttpOnlyCookieEnabled=true, HttpOnly, true",
        "isHttpOnlyCookieEnabled=false, HttpOnly, false",
        "isPersistentCookieEnabled=true, Max-Age=, true",
        "isPersistentCookieEnabled=false, Max-Age=, false",
        "isSecureCookieEnabled=false, Secure, true"
    })
    void ourCookieFollowsItsSwitches(String setting, String attribute, boolean there) {
        String name = "jar" + Integer.toHexString((setting + there).hashCode());
        URI app = published(name);
        set(name, setting);
        browser.openSignedIn(quickstart.url("portal"), quickstart.user(), quickstart.password());

        Browser.Page step = browser.step(app);
        for (int i = 0; i < 4 && !step.fields().getOrDefault("set-cookie", "").contains("postern-access"); i++) {
            step = browser.step(step.uri().resolve(step.fields().get("location")));
        }

        String cookie = step.fields().getOrDefault("set-cookie", "");
        assertTrue(cookie.startsWith("__Host-postern-access-"), cookie);
        assertEquals(there, cookie.contains("; " + attribute) || cookie.contains(attribute + "3"), cookie);
    }

    /// 1.2: a time of one's own to the first byte, at gateway and connector.
    @Test
    void anApplicationThatDoesNotAnswerInItsTimeIsABackendTimeout() throws Exception {
        URI app = published("slow", "--preauth", "passthrough");
        awaitRouted(app);
        quickstart.cli("app", "set", "slow", "--timeout", "1s").expectSuccess();
        var late = new CountDownLatch(1);
        backend.answers(exchange -> {
            try {
                late.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            HttpResponse<String> answer = get(app, "Accept", "application/json");
            assertEquals(504, answer.statusCode());
            assertTrue(answer.body().contains("backend_timeout"), answer.body());
        } finally {
            late.countDown();
        }
    }

    /// 1.12: per application and per tenant, off by default.
    @Test
    void whoAsksTooOftenIsToldWhenToComeBack() throws Exception {
        URI app = published("throttled", "--preauth", "passthrough");
        awaitRouted(app);
        for (int i = 0; i < 20; i++) {
            assertEquals(204, get(app).statusCode(), "no limit by default");
        }
        set("throttled", "requestsPerSecondMax=1");
        expectThrottled(app, "application_rate");
        set("throttled", "requestsPerSecondMax=null");

        quickstart.cli("tenant", "set", "--requests-per-second", "1").expectSuccess();
        try {
            expectThrottled(app, "tenant_rate");
        } finally {
            quickstart.cli("tenant", "set", "--throttle", "none").expectSuccess();
        }
        assertEquals(204, get(app).statusCode());
    }

    /// 1.12: the original's numbers by one name.
    @Test
    void theProfileOfTheOriginalIsNamed() {
        quickstart.cli("tenant", "set", "--throttle", "original").expectSuccess();
        try {
            String shown = quickstart.cli("tenant", "show", "--json").expectSuccess();
            assertTrue(shown.contains("\"requestsPerSecondMax\":750"), shown);
            assertTrue(shown.contains("\"applicationRequestsPerSecondMax\":500"), shown);
        } finally {
            quickstart.cli("tenant", "set", "--throttle", "none").expectSuccess();
        }
    }

    /// However slow this machine is: sooner or later two requests come within one second.
    private void expectThrottled(URI app, String reason) {
        Await.until("a request is refused", () -> {
            HttpResponse<String> answer = get(app, "Accept", "application/json");
            if (answer.statusCode() != 429) {
                return false;
            }
            assertTrue(
                    Integer.parseInt(answer.headers().firstValue("retry-after").orElse("0")) >= 1);
            String exchange = answer.body().replaceFirst("(?s).*\"exchange\":\"([0-9a-f]+)\".*", "$1");
            String shown = quickstart.cli("exchange", "show", exchange).expectSuccess();
            assertTrue(shown.contains(reason), shown);
            return true;
        });
    }
}
