package io.postern.admin.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.postern.admin.logging.Trusted;
import io.postern.admin.outside.OutsideClient;
import io.postern.base.Secret;
import io.postern.domain.outbound.OutboundSettings.Login;
import io.postern.fixtures.FakeClock;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import io.postern.store.OutboundStore.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens that are fetched with a client's secret (RFC 6749 §4.4): kept while they hold, fetched anew when they
/// end or are not taken, and never sent elsewhere than to the application.
class TargetLoginTest {
    private static final String CLIENT_SECRET = "s3cret/of+it";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> brought = new CopyOnWriteArrayList<>();
    private volatile int tokenStatus = 200;
    private volatile String refused = "";
    private HttpsSite site;
    private OutsideClient client;

    @BeforeEach
    void open() throws IOException {
        TestCertificates authority = TestCertificates.authority("target");
        Path pem = Files.writeString(folder.resolve("ca.pem"), Pem.of(List.of(authority.authority())));
        site = HttpsSite.start(authority.server("127.0.0.1"), this::answer);
        client = new OutsideClient(Trusted.context(Optional.of(pem)), true, Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        client.close();
        site.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String login = exchange.getRequestHeaders().getFirst("Authorization");
            if (exchange.getRequestURI().getPath().equals("/token")) {
                asked.add(login + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                send(
                        exchange,
                        tokenStatus,
                        "{\"access_token\":\"token-" + asked.size()
                                + "\",\"token_type\":\"Bearer\",\"expires_in\":600}");
            } else {
                brought.add(login);
                send(exchange, login.equals(refused) ? 401 : 200, "{\"totalResults\":0,\"Resources\":[]}");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private ScimTarget target(Optional<Secret> secret) {
        String base = "https://127.0.0.1:" + site.port();
        var login = new TargetLogin(
                new Login.ClientCredentials(base + "/token", "postern client", "scim"),
                secret,
                client,
                host -> true,
                clock);
        return new ScimTarget(base + "/scim", login, client, host -> true, clock);
    }

    private static void look(ScimTarget target) throws DeliveryFault {
        assertEquals(Optional.empty(), target.find(Kind.USER, "userName", "nobody"));
    }

    @Test
    void oneTokenServesUntilShortlyBeforeItsEnd() throws DeliveryFault {
        ScimTarget target = target(Optional.of(Secret.of(CLIENT_SECRET)));

        look(target);
        look(target);
        clock.advance(Duration.ofSeconds(541)); // ten minutes, less a minute
        look(target);

        assertEquals(List.of("Bearer token-1", "Bearer token-1", "Bearer token-2"), brought);
        String basic =
                Base64.getEncoder().encodeToString("postern+client:s3cret%2Fof%2Bit".getBytes(StandardCharsets.UTF_8));
        assertEquals("Basic " + basic + " grant_type=client_credentials&scope=scim", asked.getFirst());
    }

    @Test
    void aTokenThatIsNotTakenIsFetchedAnewOnce() throws DeliveryFault {
        ScimTarget target = target(Optional.of(Secret.of(CLIENT_SECRET)));
        refused = "Bearer token-1";

        look(target);

        assertEquals(List.of("Bearer token-1", "Bearer token-2"), brought);

        refused = "Bearer token-2";
        tokenStatus = 401;
        DeliveryFault fault = assertThrows(DeliveryFault.class, () -> look(target));
        assertEquals(DeliveryFault.Kind.REFUSED, fault.kind());
        assertEquals("the token endpoint answers 401", fault.text());
    }

    @Test
    void aTokenEndpointThatFailsIsTriedAgainLater() {
        tokenStatus = 503;

        DeliveryFault fault =
                assertThrows(DeliveryFault.class, () -> look(target(Optional.of(Secret.of(CLIENT_SECRET)))));

        assertEquals(DeliveryFault.Kind.UNREACHABLE, fault.kind());
        assertEquals(List.of(), brought);
    }

    @Test
    void aSecretThatDoesNotOpenIsNamedAndNothingIsSent() {
        DeliveryFault fault = assertThrows(DeliveryFault.class, () -> look(target(Optional.empty())));

        assertEquals(DeliveryFault.Kind.REFUSED, fault.kind());
        assertTrue(fault.text().contains("was the master key changed?"), fault.text());
        assertEquals(List.of(), asked);
    }
}
