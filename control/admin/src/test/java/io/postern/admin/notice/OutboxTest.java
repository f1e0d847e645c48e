package io.postern.admin.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.notice.MailServer.Security;
import io.postern.base.HostPort;
import io.postern.base.Secret;
import io.postern.domain.TenantId;
import io.postern.fixtures.FakeClock;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.MailSink;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import io.postern.store.Notice;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mail on its way to a real server: sent once, kept while the server is away, never in the clear where TLS
/// was asked for.
class OutboxTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Mail CA");

    private static final Envelope ENVELOPE = new Envelope(new Sealer(KeyRing.generate(), "notices"));

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-22T10:00:00Z"));
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

    private Notice put(String recipient, String subject, String body) {
        var notice = new Notice(
                tenant.id(),
                UUID.randomUUID().toString(),
                "test:" + subject,
                recipient,
                subject,
                body,
                clock.instant(),
                clock.instant(),
                0);
        store.write(s -> s.notices().put(notice));
        return notice;
    }

    private Outbox outbox(String host, int port, Security security, Optional<String> password) throws IOException {
        Path authority = Files.writeString(
                folder.resolve("authority.pem"),
                Pem.of(List.of(AUTHORITY.server("x").chain().getLast())));
        return Outbox.open(
                store,
                new MailServer(
                        new HostPort(host, port),
                        security,
                        password.map(_ -> MailSink.USER),
                        password.map(Secret::of),
                        "postern@contoso.example",
                        Optional.of(authority)),
                ENVELOPE,
                clock);
    }

    private Outbox plain(int port) throws IOException {
        return outbox("127.0.0.1", port, Security.NONE, Optional.empty());
    }

    private long waiting() {
        return store.read(s -> s.notices().waiting());
    }

    @Test
    void sendsWhatWaitsOnce() throws Exception {
        try (MailSink sink = MailSink.plain()) {
            Notice notice =
                    put("ada@contoso.example", "Grüße an Ada", "Zugriff auf „Wiki“.\n.\nhttps://x.example/a?b=c\n");
            Outbox outbox = plain(sink.port());
            assertEquals(1, outbox.work());
            assertEquals(0, outbox.work());
            assertEquals(0, plain(sink.port()).work(), "another node");
            String mail = sink.awaitTaken(1).getFirst();
            assertTrue(mail.contains("X-From: postern@contoso.example"), mail);
            assertTrue(mail.contains("X-To: ada@contoso.example"), mail);
            assertTrue(mail.contains("Message-ID: <" + notice.id() + "@contoso.example>"), mail);
            assertTrue(mail.contains("Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_an_Ada?="), mail);
            assertTrue(mail.contains("Auto-Submitted: auto-generated"), mail);
            assertTrue(mail.contains("https://x.example/a?b=3Dc") || mail.contains("https://x.example/a?b=c"), mail);
            assertEquals(0, waiting());
            assertEquals(1, outbox.sent());
        }
    }

    @Test
    void itsThreadSendsWhatComesLater() throws Exception {
        try (MailSink sink = MailSink.plain();
                Outbox outbox = plain(sink.port()).start()) {
            put("ada@contoso.example", "Later", "Text");
            sink.awaitTaken(1);
            assertEquals(0, outbox.failures());
        }
    }

    @Test
    void aServerThatIsAwayGetsItWhenItIsBack() throws Exception {
        put("ada@contoso.example", "Patience", "Text");
        assertEquals(1, plain(FreePort.find()).work());
        assertEquals(1, waiting());
        try (MailSink sink = MailSink.plain()) {
            Outbox outbox = plain(sink.port());
            assertEquals(0, outbox.work(), "not before a minute");
            clock.advance(Duration.ofMinutes(1));
            assertEquals(1, outbox.work());
            sink.awaitTaken(1);
        }
    }

    @Test
    void whatIsNoNewsAnyMoreIsNotSent() throws Exception {
        put("ada@contoso.example", "Old", "Text");
        clock.advance(Duration.ofDays(3).plusSeconds(1));
        put("ada@contoso.example", "New", "Text");
        try (MailSink sink = MailSink.plain()) {
            assertEquals(2, plain(sink.port()).work());
            assertTrue(sink.awaitTaken(1).getFirst().contains("Subject: New"));
            assertEquals(1, sink.taken().size());
            assertEquals(0, waiting());
        }
    }

    @Test
    void aRefusalForGoodEndsItAndOneForNowDoesNot() throws Exception {
        try (MailSink sink = MailSink.plain()) {
            put("nobody@contoso.example", "Nobody", "Text");
            put("later@contoso.example", "Later", "Text");
            put("no address", "No address", "Text");
            Outbox outbox = plain(sink.port());
            assertEquals(3, outbox.work());
            assertEquals(1, waiting(), "later@");
            assertEquals(3, outbox.failures());
            for (int attempt = 2; attempt <= 8; attempt++) {
                clock.advance(Duration.ofHours(25));
                assertEquals(1, outbox.work(), "attempt " + attempt);
            }
            clock.advance(Duration.ofDays(30));
            assertEquals(0, outbox.work(), "given up");
            assertEquals(0, waiting());
            assertEquals(List.of(), sink.taken());
        }
    }

    @Test
    void speaksTlsAndGivesThePasswordInsideOnly() throws Exception {
        try (MailSink sink = MailSink.startTls(AUTHORITY.server("localhost"))) {
            put("ada@contoso.example", "Sealed", "Text");
            assertEquals(
                    1,
                    outbox("localhost", sink.port(), Security.STARTTLS, Optional.of(MailSink.PASSWORD))
                            .work());
            assertTrue(sink.awaitTaken(1).getFirst().contains("X-Tls: True"));
        }
        try (MailSink sink = MailSink.tls(AUTHORITY.server("localhost"))) {
            put("ada@contoso.example", "Sealed from the first byte", "Text");
            assertEquals(
                    1,
                    outbox("localhost", sink.port(), Security.TLS, Optional.empty())
                            .work());
            assertTrue(sink.awaitTaken(1).getFirst().contains("Subject: Sealed from the first byte"));
        }
        assertEquals(0, waiting());
    }

    @Test
    void sendsNothingToAServerThatIsNotTheOne() throws Exception {
        put("ada@contoso.example", "Secret", "Text");
        try (MailSink sink = MailSink.startTls(AUTHORITY.server("other.example"))) {
            outbox("localhost", sink.port(), Security.STARTTLS, Optional.of(MailSink.PASSWORD))
                    .work();
            assertEquals(List.of(), sink.taken(), "its certificate names another");
        }
        clock.advance(Duration.ofHours(1));
        try (MailSink sink =
                MailSink.startTls(TestCertificates.authority("Nobody's").server("localhost"))) {
            outbox("localhost", sink.port(), Security.STARTTLS, Optional.of(MailSink.PASSWORD))
                    .work();
            assertEquals(List.of(), sink.taken(), "nobody we trust says who it is");
        }
        clock.advance(Duration.ofHours(1));
        try (MailSink sink = MailSink.plain()) {
            outbox("localhost", sink.port(), Security.STARTTLS, Optional.empty())
                    .work();
            assertEquals(List.of(), sink.taken(), "it has no TLS");
        }
        clock.advance(Duration.ofHours(1));
        try (MailSink sink = MailSink.startTls(AUTHORITY.server("localhost"))) {
            outbox("localhost", sink.port(), Security.STARTTLS, Optional.of("wrong"))
                    .work();
            assertEquals(List.of(), sink.taken(), "a wrong password");
        }
        assertEquals(1, waiting(), "the operator can mend each of these");
    }
}
