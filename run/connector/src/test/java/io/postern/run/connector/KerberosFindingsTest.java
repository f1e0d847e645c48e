package io.postern.run.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.postern.connector.ConnectorSettings;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.KerberosSite;
import io.postern.fixtures.SambaDomain;
import io.postern.fixtures.TestCertificates;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.tunnel.BackendTlsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `kerberos-check` against a real domain and a real web server: each broken rung is named, with what mends it.
class KerberosFindingsTest {
    private static final String APP = "HTTP/app.corp.test";

    private static SambaDomain domain;
    private static KerberosSite site;
    private static Loops loops;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void open() {
        domain = SambaDomain.startKdc();
        site = KerberosSite.start(domain);
        loops = Loops.open("test", 1);
    }

    @AfterAll
    static void close() {
        loops.close(Duration.ZERO).awaitUninterruptibly(2_000);
        site.close();
        domain.close();
    }

    private static Path secret(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static ConnectorSettings settings(
            String account, String keysOf, InetSocketAddress kdc, boolean directory, String more) throws IOException {
        Path keytab = domain.keytab(keysOf);
        Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-------"));
        String ldap =
                """
                  ldap:
                    urls: [%s]
                    trust: %s
                    bind-dn: svc-sync@corp.test
                    password-file: %s
                """.formatted(domain.ldaps(), domain.authority(), secret("password", SambaDomain.READER_PASSWORD));
        return ConnectorSettings.read(Files.writeString(
                folder.resolve("connector.yaml"),
                """
                kerberos:
                  keytab: %s
                  principal: %s
                  krb5-conf: %s
                """.formatted(keytab, account, domain.krb5Conf(kdc)) + more + (directory ? ldap : "")));
    }

    private static ConnectorSettings settings(String account, boolean directory) throws IOException {
        return settings(account, account, domain.kdc(), directory, "");
    }

    private static List<Finding> look(ConnectorSettings settings, String user, String spn, Optional<URI> url)
            throws InterruptedException {
        return look(settings, new KerberosFindings.Wanted(user, spn, false, url, BackendTlsSettings.of(true)));
    }

    private static List<Finding> look(ConnectorSettings settings, KerberosFindings.Wanted wanted)
            throws InterruptedException {
        var findings = new ArrayList<Finding>();
        new KerberosFindings(settings.kerberos().orElseThrow(), settings, loops, new LocalNames())
                .look(wanted, findings::add);
        return findings;
    }

    /// The only one.
    private static Finding broken(List<Finding> findings) {
        List<Finding> failed = findings.stream()
                .filter(f -> f.verdict() == Finding.Verdict.FAILED)
                .toList();
        assertEquals(1, failed.size(), findings.toString());
        assertFalse(failed.getFirst().remedy().isEmpty(), failed.toString());
        return failed.getFirst();
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port + "/app/");
    }

    @Test
    void onlyTheBackendThatIsPinnedSeesTheTicket() throws Exception {
        var seen = new AtomicInteger();
        TestCertificates.Issued certificate =
                TestCertificates.authority("Backends").server("127.0.0.1");
        String itsPin = certificate.fingerprint();
        try (HttpsSite other = HttpsSite.start(certificate, exchange -> {
            seen.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        })) {
            URI url = URI.create("https://127.0.0.1:" + other.port() + "/");
            for (String pin : List.of("0".repeat(64), itsPin)) {
                var tls = new BackendTlsSettings(false, Set.of(pin), Optional.empty(), Optional.empty());
                Finding http = look(
                                settings("svc-connector", true),
                                new KerberosFindings.Wanted("alice", APP, false, Optional.of(url), tls))
                        .getLast();
                boolean isPinned = pin.equals(itsPin);
                assertEquals(isPinned ? Finding.Verdict.OK : Finding.Verdict.FAILED, http.verdict(), http.toString());
                assertEquals(isPinned ? 1 : 0, seen.get());
            }
        }
    }

    @Test
    void everyRungHolds() throws Exception {
        List<Finding> all =
                look(settings("svc-connector", true), "carol@contoso.example", APP, Optional.of(at(site.port())));
        assertEquals(
                List.of(
                        "keytab",
                        "kdc",
                        "login",
                        "clock",
                        "account",
                        "transition",
                        "own spn",
                        "delegation",
                        "spn",
                        "user",
                        "ticket",
                        "http"),
                all.stream().map(Finding::step).toList());
        assertTrue(all.stream().allMatch(f -> f.verdict() == Finding.Verdict.OK), all.toString());
        assertTrue(all.get(9).what().contains("carol@CORP.TEST"), all.toString());
        assertTrue(all.getLast().what().endsWith("answers 200 to the user's ticket"), all.toString());
    }

    /// KCD-13: its account is found behind the name, and a user of another domain is not missed in this one.
    @Test
    void knowsTheConnectorBehindANameLikeAnSpnAndWhoseUsersItCannotSee() throws Exception {
        String principal = "postern/abroad.corp.test@CORP.TEST";
        List<Finding> all = look(
                settings(principal, "svc-abroad", domain.kdc(), true, ""),
                "alice@corp.test",
                APP,
                Optional.of(at(site.port())));
        assertTrue(all.stream().allMatch(f -> f.verdict() == Finding.Verdict.OK), all.toString());
        assertTrue(all.get(4).what().contains("'svc-abroad'"), all.toString());

        List<Finding> abroad = look(
                settings(principal, "svc-abroad", domain.kdc(), true, "  realms: [partner.test=PARTNER.TEST]\n"),
                "eve@partner.test",
                APP,
                Optional.empty());
        assertEquals("user", broken(abroad).step());
        assertTrue(broken(abroad).what().contains("does not let"), abroad.toString());
    }

    @Test
    void withoutADirectoryWhatCannotBeSeenIsSkipped() throws Exception {
        List<Finding> all = look(settings("svc-connector", false), "alice", APP, Optional.of(at(site.port())));
        assertEquals(
                "account, transition, own spn, delegation, spn",
                all.stream()
                        .filter(f -> f.verdict() == Finding.Verdict.SKIPPED)
                        .map(Finding::step)
                        .collect(Collectors.joining(", ")));
        assertTrue(all.stream().noneMatch(f -> f.verdict() == Finding.Verdict.FAILED), all.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "svc-kerberos-only, alice, HTTP/app.corp.test, transition, delegation for-any-protocol svc-kerberos-only on",
        "svc-no-spn,        alice, HTTP/app.corp.test, own spn, samba-tool spn add",
        "svc-no-list,       alice, HTTP/app.corp.test, delegation, add-service svc-no-list HTTP/app.corp.test",
        "svc-connector,     alice, HTTP/other.corp.test, delegation, add-service svc-connector HTTP/other.corp.test",
        "svc-connector,     alice, HTTP/gone.corp.test, spn, samba-tool spn add HTTP/gone.corp.test",
        "svc-connector,     disa,  HTTP/app.corp.test, user, samba-tool user enable disa",
        "svc-connector,     sens,  HTTP/app.corp.test, user, samba-tool user sensitive sens off",
        "svc-connector,     expi,  HTTP/app.corp.test, user, lengthen",
        "svc-connector,     must,  HTTP/app.corp.test, user, must change password",
        "svc-connector,     nobody@contoso.example, HTTP/app.corp.test, user, login identity",
        "svc-connector,     alice, HTTP/weak.corp.test, ticket, AES"
    })
    void theBrokenRungIsNamedWithWhatMendsIt(String account, String user, String spn, String rung, String remedy)
            throws Exception {
        List<Finding> all = look(settings(account, true), user, spn, Optional.of(at(site.port())));
        Finding broken = broken(all);
        assertEquals(rung, broken.step(), all.toString());
        assertTrue(broken.remedy().contains(remedy), broken.toString());
        assertEquals(Finding.Verdict.SKIPPED, all.getLast().verdict(), "http was not reached");
    }

    @Test
    void aKeytabOfSomebodyElseIsNamed() throws Exception {
        Finding broken = broken(
                look(settings("svc-connector", "svc-no-list", domain.kdc(), true, ""), "alice", APP, Optional.empty()));
        assertEquals("keytab", broken.step());
        assertTrue(broken.what().contains("no key of 'svc-connector@CORP.TEST'"), broken.toString());
    }

    @Test
    void aKdcThatIsNotThereIsNamed() throws Exception {
        var nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
        Finding broken = broken(
                look(settings("svc-connector", "svc-connector", nowhere, true, ""), "alice", APP, Optional.empty()));
        assertEquals("kdc", broken.step());
        assertTrue(broken.remedy().contains("nc -vz 127.0.0.1 " + nowhere.getPort()), broken.toString());
    }

    @Test
    void whatTheOwnFileForbidsIsNotTried() throws Exception {
        Finding broken = broken(look(
                settings("svc-connector", "svc-connector", domain.kdc(), true, "  allow: [HTTP/*.other.test]\n"),
                "alice",
                APP,
                Optional.empty()));
        assertEquals("delegation", broken.step());
        assertTrue(broken.remedy().contains("kerberos.allow"), broken.toString());
    }

    @Test
    void aBackendThatDoesNotTakeTheTicketIsNamed() throws Exception { // 13022
        HttpServer stubborn = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stubborn.createContext("/", exchange -> {
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        stubborn.start();
        try {
            Finding broken = broken(look(
                    settings("svc-connector", true),
                    "alice",
                    APP,
                    Optional.of(at(stubborn.getAddress().getPort()))));
            assertEquals("http", broken.step());
            assertTrue(broken.what().contains("13022"), broken.toString());
        } finally {
            stubborn.stop(0);
        }
    }

    @Test
    void theServiceHearsTheSameAndNoTicket() throws Exception {
        ConnectorSettings settings = settings("svc-connector", true);
        ObjectNode question = new JsonMapper()
                .createObjectNode()
                .put("user", "alice@corp.test")
                .put("spn", APP)
                .put("mechanism", "krb5")
                .put("url", at(site.port()).toString());
        question.putObject("backend")
                .put("scheme", "http")
                .put("host", "127.0.0.1")
                .put("port", site.port());
        JsonNode told = new KerberosQuestion(settings.kerberos().orElseThrow(), settings, loops, new LocalNames())
                .answer(question, Duration.ofSeconds(20));
        assertEquals(12, told.path("steps").size(), told.toString());
        assertEquals("passed", told.at("/steps/11/result").asString(), told.toString());
        assertFalse(told.toString().contains("Negotiate"), told.toString());
        assertFalse(told.toString().contains("YII"), told.toString());
    }

    @Test
    void aWrongClockIsNamed() throws Exception {
        ConnectorSettings settings = settings("svc-connector", true);
        domain.stop();
        try {
            domain.startAgainAt("+10m");
            Finding broken = broken(look(settings, "alice", APP, Optional.empty()));
            assertEquals("clock", broken.step(), broken.toString());
        } finally {
            domain.stop();
            domain.startAgain();
        }
    }
}
