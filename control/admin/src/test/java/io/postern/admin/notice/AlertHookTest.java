package io.postern.admin.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.postern.admin.logging.Receiver;
import io.postern.base.Secret;
import io.postern.domain.TenantId;
import io.postern.fixtures.FakeClock;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import io.postern.store.Alert;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What administrators are told of on its way to a real webhook: signed, once, kept while it is away.
class AlertHookTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Chat CA");
    private static final Secret SECRET = Secret.of("a shared secret of some length");

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-22T10:00:00Z"));
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    private volatile int answer = 204;
    private Store store;
    private Tenant tenant;

    @BeforeEach
    void open() {
        store = SqlStore.open(new DatabaseAddress.Sqlite(folder.resolve("postern.db")));
        tenant = new Tenant(TenantId.random(), "contoso", "Contoso", "contoso.example", clock.instant());
        store.write(s -> {
            s.tenants().insert(tenant);
            return tenant;
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            signatures.add(exchange.getRequestHeaders().getFirst("Postern-Signature"));
            exchange.sendResponseHeaders(answer, -1);
        }
    }

    private AlertHook hook(int port) throws IOException {
        Path authority = Files.writeString(folder.resolve("ca.pem"), Pem.of(List.of(AUTHORITY.authority())));
        return AlertHook.open(
                store,
                new Receiver.Webhook(
                        URI.create("https://localhost:" + port + "/notices"), SECRET, Optional.of(authority)),
                clock);
    }

    private void raise(String about) {
        Alert alert = Alert.of(tenant.id(), "connector", about, clock.instant(), "plant-7", "since dawn");
        store.write(s -> s.alerts().put(alert, true));
    }

    @Test
    void sendsEachOnceWithTheRemedyAndASignature() throws Exception {
        raise("connector:1");
        try (var site = HttpsSite.start(AUTHORITY.server("localhost"), this::take);
                var hook = hook(site.port())) {
            assertEquals(1, hook.work());
            assertEquals(0, hook.work(), "once");
            assertEquals(1, hook.sent());
        }
        JsonNode body = JsonMapper.builder().build().readTree(bodies.getFirst());
        assertEquals("connector", body.path("kind").asString());
        assertEquals("contoso", body.path("tenantName").asString());
        assertEquals("Connector plant-7 is away", body.path("subject").asString());
        assertTrue(body.path("text").asString().contains("postern connector status"), body.toString());
        String[] parts = signatures.getFirst().split("[=,]");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String made = HexFormat.of()
                .formatHex(mac.doFinal((parts[1] + "." + bodies.getFirst()).getBytes(StandardCharsets.UTF_8)));
        assertEquals(made, parts[3]);
        assertEquals(clock.instant().getEpochSecond(), Long.parseLong(parts[1]));
    }

    @Test
    void whatIsNotTakenComesAgainLaterAndIsTheSame() throws Exception {
        raise("connector:2");
        try (var site = HttpsSite.start(AUTHORITY.server("localhost"), this::take);
                var hook = hook(site.port())) {
            answer = 503;
            assertEquals(1, hook.work());
            assertEquals(0, hook.work(), "not at once");
            answer = 200;
            clock.advance(Duration.ofSeconds(10));
            assertEquals(1, hook.work());
            assertEquals(1, hook.failures());
            assertEquals(1, hook.sent());
            assertEquals(bodies.getFirst(), bodies.get(1), "with its id, by which the receiver knows it");
            clock.advance(Duration.ofDays(2));
            assertEquals(0, hook.work());
        }
    }

    @Test
    void isGivenUpInTheEndAndOldNewsIsNotSent() throws Exception {
        raise("connector:3");
        try (var site = HttpsSite.start(AUTHORITY.server("localhost"), this::take);
                var hook = hook(site.port())) {
            answer = 500;
            for (int i = 0; i < 12; i++) {
                hook.work();
                clock.advance(Duration.ofDays(1));
            }
            assertEquals(8, bodies.size());
            raise("connector:4");
            clock.advance(Duration.ofDays(4));
            assertEquals(1, hook.work(), "it is put away");
            assertEquals(8, bodies.size());
        }
    }

    @Test
    void nothingGoesToAStranger() throws Exception {
        raise("connector:5");
        try (var site = HttpsSite.start(TestCertificates.authority("Mallory").server("localhost"), this::take);
                var hook = hook(site.port())) {
            hook.work();
            assertEquals(1, hook.failures());
        }
        assertEquals(List.of(), bodies);
    }
}
