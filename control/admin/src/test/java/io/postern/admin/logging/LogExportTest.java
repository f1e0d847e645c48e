package io.postern.admin.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.postern.base.HostPort;
import io.postern.base.Secret;
import io.postern.domain.TenantId;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.Pem;
import io.postern.fixtures.RsyslogServer;
import io.postern.fixtures.TestCertificates;
import io.postern.store.AuditEntry;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.SignIn;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Logs on their way to receivers outside: nothing is lost, nothing changes its place.
class LogExportTest {
    private static final Secret SECRET = Secret.of("a secret of both of us");
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    private Store store;
    private Tenant tenant;

    @BeforeEach
    void open() {
        store = SqlStore.open(new DatabaseAddress.Sqlite(folder.resolve("postern.db")));
        tenant = new Tenant(TenantId.random(), "contoso", "Contoso", "contoso.example", Instant.now());
        store.write(s -> {
            s.tenants().insert(tenant);
            return tenant;
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UDP"})
    void rsyslogUnderstandsEveryEntry(Receiver.Transport transport) {
        try (var rsyslog = RsyslogServer.start()) {
            int port = transport == Receiver.Transport.UDP ? rsyslog.udpPort() : rsyslog.tcpPort();
            var receiver = new Receiver.Syslog(transport, new HostPort("127.0.0.1", port), Optional.empty());
            signIns(2);
            changes(1);
            try (var export = start(receiver)) {
                List<JsonNode> lines =
                        rsyslog.awaitUnderstood(3).stream().map(JSON::readTree).toList();

                JsonNode failed = lines.stream()
                        .filter(l -> l.path("text").asString().contains("\"errorCode\":50126"))
                        .findFirst()
                        .orElseThrow();
                assertEquals("postern", failed.path("program").asString());
                assertEquals("srv-a", failed.path("host").asString());
                assertEquals("signIn", failed.path("event").asString());
                assertEquals("warning", failed.path("severity").asString());
                assertEquals(
                        tenant.id().value(),
                        JSON.readTree(failed.path("text").asString())
                                .path("tenantId")
                                .asString());
                assertTrue(lines.stream()
                        .anyMatch(l -> l.path("event").asString().equals("directoryAudit")
                                && l.path("severity").asString().equals("info")));
                await(() -> export.backlog() == 0);
                assertEquals(3, export.sent());
            }
        }
    }

    @Test
    void rsyslogTakesTlsFromWhoTrustsItsAuthorityAndMissesNothingOfAStop() {
        TestCertificates authority = TestCertificates.authority("siem");
        try (var rsyslog = RsyslogServer.withTls(authority.server("localhost"))) {
            var address = new HostPort("localhost", rsyslog.tcpPort());
            signIns(3);
            try (var stranger = start(tls(address, TestCertificates.authority("mallory")));
                    var otherName = start(tls(new HostPort("127.0.0.1", rsyslog.tcpPort()), authority))) {
                await(() -> stranger.failures() > 0 && otherName.failures() > 0);
                assertEquals(3, stranger.backlog());
            }
            assertEquals(List.of(), rsyslog.understood(), "nothing goes to who does not prove its name");

            try (var export = start(tls(address, authority))) {
                rsyslog.awaitUnderstood(3);
                await(() -> export.backlog() == 0);
                rsyslog.stop();
                signIns(200);
                await(() -> export.failures() > 0);
                rsyslog.startAgain();
                rsyslog.awaitUnderstood(203);
                await(() -> export.backlog() == 0);
            }

            List<Long> numbers = rsyslog.understood().stream()
                    .map(JSON::readTree)
                    .map(line -> JSON.readTree(line.path("text").asString())
                            .path("chain")
                            .path("number")
                            .asLong())
                    .distinct()
                    .toList();
            assertEquals(LongStream.rangeClosed(1, 203).boxed().toList(), numbers, "all, in their order");
        }
    }

    @Test
    void aStopAndALostReceiverLoseNothingAndKeepTheOrder() {
        TestCertificates authority = TestCertificates.authority("siem");
        var hook = new Hook();
        signIns(450);
        try (var site = HttpsSite.start(authority.server("localhost"), hook::take)) {
            var receiver = webhook(site.port(), authority);
            hook.refuses = true;
            try (var export = start(receiver)) {
                await(() -> export.failures() > 0 && hook.refused.get() > 0);
                assertEquals(450, export.backlog());
            }
            hook.refuses = false;
            try (var _ = start(receiver)) {
                await(() -> hook.numbers.size() >= 200);
            }
            signIns(50);
            try (var export = start(receiver)) {
                await(() -> export.backlog() == 0);
            }
        }

        List<Long> distinct = hook.numbers.stream().distinct().toList();
        assertEquals(LongStream.rangeClosed(1, 500).boxed().toList(), distinct, "all, in their order");
        assertTrue(hook.numbers.size() <= 500 + 200, "the batch under way at most twice");
    }

    @Test
    void aWebhookCanTellThatItWasUs() throws Exception {
        TestCertificates authority = TestCertificates.authority("siem");
        var hook = new Hook();
        signIns(1);
        try (var site = HttpsSite.start(authority.server("localhost"), hook::take);
                var export = start(webhook(site.port(), authority))) {
            await(() -> export.backlog() == 0);
        }

        String[] parts = hook.signatures.getFirst().split("[=,]");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String made = HexFormat.of()
                .formatHex(mac.doFinal((parts[1] + "." + hook.bodies.getFirst()).getBytes(StandardCharsets.UTF_8)));
        assertEquals(made, parts[3]);
        assertFalse(hook.bodies.getFirst().contains(SECRET.reveal()));
    }

    @Test
    void followsNoRedirect() {
        TestCertificates authority = TestCertificates.authority("siem");
        var elsewhere = new Hook();
        signIns(1);
        try (var other = HttpsSite.start(authority.server("localhost"), elsewhere::take);
                var site = HttpsSite.start(authority.server("localhost"), exchange -> {
                    exchange.getResponseHeaders().set("Location", "https://localhost:" + other.port() + "/");
                    exchange.sendResponseHeaders(307, -1);
                    exchange.close();
                });
                var export = start(webhook(site.port(), authority))) {
            await(() -> export.failures() > 0);
            assertTrue(elsewhere.bodies.isEmpty());
            assertEquals(1, export.backlog());
        }
    }

    @Test
    void sendsNothingToAStrangerNorWhereCloudsKeepSecrets() {
        TestCertificates authority = TestCertificates.authority("siem");
        var hook = new Hook();
        signIns(1);
        try (var site = HttpsSite.start(TestCertificates.authority("mallory").server("localhost"), hook::take);
                var stranger = start(webhook(site.port(), authority));
                var inside = start(
                        new Receiver.Webhook(URI.create("https://169.254.169.254/latest"), SECRET, Optional.empty()))) {
            await(() -> stranger.failures() > 0 && inside.failures() > 0);
        }
        assertTrue(hook.bodies.isEmpty());
    }

    @Test
    void ofSeveralNodesOneSends() {
        TestCertificates authority = TestCertificates.authority("siem");
        var hook = new Hook();
        try (var site = HttpsSite.start(authority.server("localhost"), hook::take);
                var one = start(webhook(site.port(), authority));
                var two = start(webhook(site.port(), authority))) {
            for (int i = 0; i < 5; i++) {
                signIns(20);
                int all = 20 * (i + 1);
                await(() -> hook.numbers.size() >= all && one.backlog() == 0);
            }
            assertEquals(100, hook.numbers.size(), "each once");
            assertTrue(one.sent() == 100 ^ two.sent() == 100, one.sent() + " and " + two.sent());
        }
    }

    @Test
    void retentionCutsWhatIsOldAndNothingElse() {
        Instant now = Instant.now();
        store.write(s -> {
            s.logs().append(signIn(now.minus(Duration.ofDays(31)), 0));
            s.logs().append(signIn(now.minus(Duration.ofDays(29)), 0));
            s.logs().append(change(now.minus(Duration.ofDays(300))));
            return now;
        });

        int gone = new LogRetention(store, Duration.ofDays(30), Duration.ofDays(365), InstantSource.system()).cut();

        assertEquals(1, gone);
        assertEquals(
                List.of(2L),
                store.read(s -> s.logs().find(tenant.id(), LogKind.SIGN_IN, LogQuery.newest(9))).stream()
                        .map(e -> e.number())
                        .toList());
    }

    /// A receiver, as somebody else writes one.
    private static final class Hook {
        private final List<Long> numbers = new CopyOnWriteArrayList<>();
        private final List<String> signatures = new CopyOnWriteArrayList<>();
        private final List<String> bodies = new CopyOnWriteArrayList<>();
        private volatile boolean refuses;
        private final AtomicInteger refused = new AtomicInteger();

        void take(HttpExchange exchange) throws IOException {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                if (refuses) {
                    refused.incrementAndGet();
                    exchange.sendResponseHeaders(503, -1);
                    return;
                }
                bodies.add(body);
                signatures.add(exchange.getRequestHeaders().getFirst("Postern-Signature"));
                var batch = new ArrayList<Long>();
                JSON.readTree(body)
                        .path("entries")
                        .forEach(e -> batch.add(e.path("chain").path("number").asLong()));
                numbers.addAll(batch);
                exchange.sendResponseHeaders(204, -1);
            }
        }
    }

    private LogExport start(Receiver receiver) {
        return LogExport.start(store, receiver, "srv-a", InstantSource.system());
    }

    private Receiver webhook(int port, TestCertificates authority) {
        return new Receiver.Webhook(
                URI.create("https://localhost:" + port + "/logs"), SECRET, Optional.of(file(authority)));
    }

    private Receiver tls(HostPort address, TestCertificates authority) {
        return new Receiver.Syslog(Receiver.Transport.TLS, address, Optional.of(file(authority)));
    }

    private Path file(TestCertificates authority) {
        try {
            Path file = folder.resolve("authority-" + FreePort.find() + ".pem");
            return Files.writeString(file, Pem.of(List.of(authority.authority())));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void signIns(int count) {
        store.write(s -> {
            IntStream.range(0, count).forEach(i -> s.logs().append(signIn(Instant.now(), i % 2 == 0 ? 0 : 50126)));
            return count;
        });
    }

    private void changes(int count) {
        store.write(s -> {
            IntStream.range(0, count).forEach(i -> s.logs().append(change(Instant.now())));
            return count;
        });
    }

    private AuditEntry change(Instant time) {
        return AuditEntry.of(
                tenant.id(),
                time,
                "Add group",
                "GroupManagement",
                AuditEntry.Initiator.of("id", "ada@contoso.example", Optional.of("192.0.2.1")),
                new AuditEntry.Target("Group", "g", "plänt"));
    }

    private SignIn signIn(Instant time, int error) {
        return new SignIn(
                UUID.randomUUID().toString(),
                tenant.id(),
                time,
                "exchange",
                SignIn.Kind.INTERACTIVE_USER,
                new SignIn.Subject("u", "ada@contoso.example", "Ada"),
                new SignIn.Party("app", "wiki"),
                SignIn.Party.NONE,
                "192.0.2.1",
                SignIn.Device.UNKNOWN,
                "Browser",
                "oAuth2",
                List.of("Password"),
                false,
                Optional.empty(),
                Optional.empty(),
                error,
                error == 0 ? "" : "wrong",
                "");
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "not within 20 s");
            LockSupport.parkNanos(5_000_000);
        }
    }
}
