package io.postern.connector.kerberos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.config.ConfigFault;
import io.postern.base.config.ConfigReader;
import io.postern.connector.kerberos.Delegated.Mechanism;
import io.postern.connector.kerberos.KerberosFault.Kind;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.MoodyRelay;
import io.postern.fixtures.MoodyRelay.Mood;
import io.postern.fixtures.SambaDomain;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// KCD-1 to KCD-8 against a real domain controller, and a web server that takes nothing but tickets.
class TicketDeskTest {
    private static final String APP = "HTTP/app.corp.test";
    private static final int BULK = 60;
    private static final String PATIENT = "  deadline: 20s\n"; // where time is not what is asked for

    private static SambaDomain domain;
    private static KerberosSite site;
    private static MoodyRelay kdc;
    private static HttpClient http;

    @TempDir
    private static Path folder;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final KerberosMetrics metrics = new KerberosMetrics(registry);

    @BeforeAll
    static void startDomain() {
        domain = SambaDomain.startKdc(BULK);
        site = KerberosSite.start(domain);
        kdc = MoodyRelay.open(domain.kdc());
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stopDomain() {
        http.close();
        kdc.close();
        site.close();
        domain.close();
    }

    @AfterEach
    void passes() {
        kdc.become(Mood.PASSES);
    }

    private TicketDesk desk(String account, String more) {
        return desk(account, more, InstantSource.system());
    }

    private TicketDesk desk(String account, String more, InstantSource clock) {
        return desk(account, more, clock, domain.keytab(account.replaceAll("@.*", "")));
    }

    private TicketDesk desk(String account, String more, Path keytab) {
        return desk(account, more, InstantSource.system(), keytab);
    }

    private TicketDesk desk(String account, String more, InstantSource clock, Path keytab) {
        try {
            if (Files.exists(keytab)) {
                Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-------"));
            }
            ConfigReader config = ConfigReader.of(
                    "connector.yaml", """
                    kerberos:
                      keytab: %s
                      principal: %s
                      krb5-conf: %s
                    """.formatted(keytab, account, domain.krb5Conf(kdc.address())) + more);
            KerberosSettings settings = KerberosSettings.read(config).orElseThrow();
            config.finish();
            return new TicketDesk(settings, metrics, clock);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String ldap() {
        try {
            Path password = folder.resolve("password");
            Files.writeString(password, SambaDomain.READER_PASSWORD);
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
            return """
                      ldap:
                        urls: [%s]
                        trust: %s
                        bind-dn: svc-sync@corp.test
                        password-file: %s
                    """.formatted(domain.ldaps(), domain.authority(), password);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static TicketDesk.Key key(String user, String spn) {
        return new TicketDesk.Key(user, ServicePrincipal.of(spn));
    }

    private static Delegated ticket(TicketDesk desk, String user) {
        return ticket(desk, key(user, APP));
    }

    private static Delegated ticket(TicketDesk desk, TicketDesk.Key key) {
        return await(desk.ticket(key));
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(25, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KerberosFault fault) {
                throw fault;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static KerberosFault fault(TicketDesk desk, String user, String spn) {
        try {
            Delegated got = ticket(desk, key(user, spn));
            throw new AssertionError("a ticket was given: " + got);
        } catch (KerberosFault e) {
            return e;
        }
    }

    private static HttpResponse<String> get(KerberosToken token) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + site.port() + "/app/"))
                            .header("Authorization", token.field())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String user(TicketDesk desk, Delegated ticket) {
        HttpResponse<String> answer = get(ticket.token(Mechanism.NEGOTIATED, false, desk.faults()));
        return answer.statusCode() + " "
                + answer.headers().firstValue("X-Remote-User").orElse("-");
    }

    @Test
    void givesTicketsThatARealApplicationTakesInBothForms() {
        try (TicketDesk desk = desk("svc-connector", "")) {
            Delegated alice = ticket(desk, "alice");
            assertEquals("200 alice@CORP.TEST", user(desk, alice));
            HttpResponse<String> bare = get(alice.token(Mechanism.BARE, false, desk.faults()));
            assertEquals(200, bare.statusCode(), site.log());
            assertEquals("200 bob@CORP.TEST", user(desk, ticket(desk, "bob@CORP.TEST")));
            assertSame(alice, ticket(desk, "alice"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "carol@contoso.example, carol@CORP.TEST",
        "david.miller@corp.test, dave@CORP.TEST",
        "DAVID.Miller@corp.test, dave@CORP.TEST",
        "alice@corp.test, alice@CORP.TEST",
        "CORP\\alice, alice@CORP.TEST",
        "carol, carol@CORP.TEST"
    })
    void findsTheAccountBehindAName(String identity, String account) {
        try (TicketDesk desk = desk("svc-connector@CORP.TEST", ldap() + PATIENT)) {
            Delegated got = ticket(desk, identity);
            assertEquals(account, got.account());
            assertEquals("200 " + account, user(desk, got));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "svc-connector, nosuch, HTTP/app.corp.test, USER_UNKNOWN",
        "svc-connector, disa, HTTP/app.corp.test, USER_DISABLED",
        "svc-connector, expi, HTTP/app.corp.test, USER_EXPIRED",
        "svc-connector, must, HTTP/app.corp.test, PASSWORD_EXPIRED",
        "svc-connector, sens, HTTP/app.corp.test, NOT_FORWARDABLE",
        "svc-connector, '', HTTP/app.corp.test, NO_IDENTITY",
        "svc-connector, alice@partner.example, HTTP/app.corp.test, USER_REALM",
        "svc-connector, alice/admin, HTTP/app.corp.test, USER_UNKNOWN",
        "svc-connector, alice, HTTP/other.corp.test, SPN_NOT_LISTED",
        "svc-connector, alice, HTTP/gone.corp.test, SPN_UNKNOWN",
        "svc-connector, alice, HTTP/app.corp.test:8080, SPN_UNKNOWN",
        "svc-connector, alice, HTTP/weak.corp.test, ENCRYPTION",
        "svc-kerberos-only, alice, HTTP/app.corp.test, NOT_FORWARDABLE",
        "svc-any-service, alice, HTTP/app.corp.test, NOT_FORWARDABLE",
        "svc-no-list, alice, HTTP/app.corp.test, SPN_NOT_LISTED",
        "svc-no-spn, alice, HTTP/app.corp.test, CONNECTOR_WITHOUT_SPN"
    })
    void tellsEachFailureByItsOwnName(String connector, String user, String spn, Kind kind) {
        try (TicketDesk desk = desk(connector, PATIENT)) {
            KerberosFault fault = fault(desk, user, spn);
            assertEquals(kind, fault.kind(), fault.message());
            assertFalse(fault.remedy().isBlank());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "svc-connector, sens@corp.test, USER_SENSITIVE",
        "svc-kerberos-only, alice@corp.test, NO_TRANSITION",
        "svc-connector, nobody@contoso.example, USER_UNKNOWN"
    })
    void tellsWhoseMatterItIsWhereADirectoryKnows(String connector, String user, Kind kind) {
        try (TicketDesk desk = desk(connector, ldap() + PATIENT)) {
            assertEquals(kind, fault(desk, user, APP).kind());
        }
    }

    /// KCD-13.
    @Test
    void signsInByANameLikeAnSpn() {
        Path keytab = domain.keytab("svc-abroad");
        try (TicketDesk desk = desk("postern/abroad.corp.test@CORP.TEST", ldap() + PATIENT, keytab)) {
            assertEquals("200 carol@CORP.TEST", user(desk, ticket(desk, "carol@contoso.example")));
            assertEquals(Kind.USER_SENSITIVE, fault(desk, "sens@corp.test", APP).kind());
            assertEquals(
                    Kind.SPN_NOT_LISTED,
                    fault(desk, "alice", "HTTP/other.corp.test").kind());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/app/x@CORP.TEST", "/app", "HTTP/", "HTTP/app@", "HTTP/*.corp.test"})
    void refusesAPrincipalThatIsNoName(String principal) {
        ConfigFault fault =
                assertThrows(ConfigFault.class, () -> desk("'" + principal + "'", "", domain.keytab("svc-connector")));
        assertTrue(String.valueOf(fault.getMessage()).contains("'" + principal + "', neither"));
    }

    /// A directory has its own domain's accounts; of another's, that domain's KDC tells.
    @Test
    void asksForAUserOfAnotherDomainWhomTheDirectoryDoesNotHave() {
        try (TicketDesk desk = desk("svc-connector", "  realms: [partner.test=PARTNER.TEST]\n" + ldap() + PATIENT)) {
            KerberosFault fault = fault(desk, "eve@partner.test", APP);
            assertEquals(Kind.USER_ABROAD, fault.kind(), fault.message());
            assertTrue(fault.message().contains("'eve@PARTNER.TEST'"), fault.message());
            assertTrue(fault.remedy().contains("trust each other"), fault.remedy());
        }
    }

    @Test
    void goesOnForKnownUsersAndTellsOthersInTimeWhileTheKdcIsSilentAndComesBack() {
        try (TicketDesk desk = desk("svc-connector", "")) {
            Delegated alice = ticket(desk, "alice");
            for (Mood mood : new Mood[] {Mood.SILENT, Mood.GONE}) {
                kdc.become(mood);
                assertSame(alice, ticket(desk, "alice"));
                assertEquals("200 alice@CORP.TEST", user(desk, alice));
                long begun = System.nanoTime();
                KerberosFault fault = fault(desk, mood == Mood.SILENT ? "bob" : "carol", APP);
                assertEquals(KerberosFault.Blame.UNREACHABLE, fault.kind().blame(), fault.message());
                assertTrue(System.nanoTime() - begun < 3_000_000_000L, "it took too long");
            }
            kdc.become(Mood.PASSES);
            assertEquals("200 dave@CORP.TEST", user(desk, ticket(desk, "dave")));
        }
    }

    @Test
    void usesATicketBeyondItsTimeOnlyWhileNobodyAnswers() {
        var clock = new Moved();
        try (TicketDesk desk = desk("svc-connector", "  cache-time: 10s\n", clock)) {
            Delegated first = ticket(desk, "alice");
            clock.offset = Duration.ofSeconds(11);
            kdc.become(Mood.GONE);
            assertSame(first, ticket(desk, "alice"));
            kdc.become(Mood.PASSES);
            clock.offset = Duration.ofSeconds(20);
            Delegated second = ticket(desk, "alice");
            assertNotSame(first, second);
            assertEquals("200 alice@CORP.TEST", user(desk, second));
        }
    }

    @Test
    void signsInAgainBeforeItsOwnTicketEnds() {
        var clock = new Moved();
        try (TicketDesk desk = desk("svc-connector", "", clock)) {
            ticket(desk, "alice");
            assertEquals(1, metrics.logins.labelValues("done").get());
            clock.offset = Duration.ofMinutes(9 * 60 + 57);
            ticket(desk, "bob");
            assertEquals(2, metrics.logins.labelValues("done").get());
        }
    }

    @Test
    void asksOnceForManyRequestsOfAUserAndGivesEachATokenOfItsOwn() {
        try (TicketDesk desk = desk("svc-connector", "")) {
            var all = IntStream.range(0, 20)
                    .mapToObj(i -> desk.ticket(key("alice", APP)))
                    .toList();
            Delegated one = await(all.getFirst());
            all.forEach(each -> assertSame(one, await(each)));
            assertEquals(1, metrics.asked.labelValues("exchanged").get());
            KerberosToken token = one.token(Mechanism.NEGOTIATED, false, desk.faults());
            assertEquals(200, get(token).statusCode());
            assertEquals(401, get(token).statusCode()); // a token is good once
            assertEquals("200 alice@CORP.TEST", user(desk, one));
        }
    }

    @Test
    void givesEachOfManyUsersHisOwnTicketAndKeepsNoMoreThanAsked() {
        try (TicketDesk desk = desk("svc-connector", PATIENT + "  cache-size: 20\n  parallel: 8\n")) {
            var all = IntStream.rangeClosed(1, BULK)
                    .mapToObj(i -> desk.ticket(key("bulk%05d".formatted(i), APP)))
                    .toList();
            for (int i = 1; i <= BULK; i++) {
                assertEquals("200 bulk%05d@CORP.TEST".formatted(i), user(desk, await(all.get(i - 1))));
            }
            assertEquals(20, metrics.cached.get());
        }
    }

    @Test
    void tellsAtOnceWhenTooManyWait() {
        try (TicketDesk desk = desk("svc-connector", "  parallel: 1\n  queue: 1\n")) {
            kdc.become(Mood.SILENT);
            var first = desk.ticket(key("alice", APP));
            Await.until(() -> kdc.taken() > 0 && !first.isDone());
            var second = desk.ticket(key("bob", APP));
            Await.until(() -> metrics.waiting.get() == 1);
            assertEquals(Kind.BUSY, fault(desk, "carol", APP).kind());
            assertFalse(second.isDone());
        }
    }

    @Test
    void tellsThatTheClocksAreApartAndWorksWhenTheyAgreeAgain() {
        try (TicketDesk desk = desk("svc-connector", "")) {
            domain.stop();
            domain.startAgainAt("+10m");
            try {
                KerberosFault fault = fault(desk, "alice", APP);
                assertEquals(Kind.CLOCK, fault.kind(), fault.message());
                assertEquals(12008, fault.kind().event());
            } finally {
                domain.stop();
                domain.startAgain();
            }
            assertEquals("200 bob@CORP.TEST", user(desk, ticket(desk, "bob")));
        }
    }

    @Test
    void tellsWhatIsWrongWithItsOwnAccount() throws IOException {
        Path old = folder.resolve("old.keytab");
        Files.copy(domain.keytab("svc-no-list"), old);
        try (TicketDesk desk = desk("nobody", "", old)) {
            assertEquals(Kind.KEYTAB, fault(desk, "alice", APP).kind());
        }
    }

    @Test
    void provesTheBackendToo() {
        try (TicketDesk desk = desk("svc-connector", "")) {
            Delegated alice = ticket(desk, "alice");
            KerberosToken token = alice.token(Mechanism.NEGOTIATED, true, desk.faults());
            HttpResponse<String> answer = get(token);
            assertEquals(200, answer.statusCode());
            assertTrue(token.isProven(
                    answer.headers().firstValue("WWW-Authenticate").orElse("")));
            assertFalse(alice.token(Mechanism.NEGOTIATED, true, desk.faults()).isProven(""));
            assertFalse(alice.token(Mechanism.NEGOTIATED, true, desk.faults()).isProven("Negotiate AAAA"));
        }
    }

    /// A clock that is ahead by as much as the test says.
    private static final class Moved implements InstantSource {
        private volatile Duration offset = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(offset);
        }
    }

    /// Waits for what happens on other threads.
    private static final class Await {
        static void until(BooleanSupplier condition) {
            long end = System.nanoTime() + 5_000_000_000L;
            while (!condition.getAsBoolean()) {
                assertTrue(System.nanoTime() < end, "it did not come about");
                Thread.onSpinWait();
            }
        }
    }
}
