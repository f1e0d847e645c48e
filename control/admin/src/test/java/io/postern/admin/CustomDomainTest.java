package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.base.HostPort;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.fixtures.DnsServer;
import io.postern.fixtures.PostgresServer;
import io.postern.fixtures.TestCertificates;
import io.postern.fixtures.TestCertificates.Issued;
import io.postern.store.Store;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Domains and their certificates by API: the rules of section 1.4, by their ids, with a real name server. Longer than
/// most files: all share that server and one service, whose start costs more than the tests.
class CustomDomainTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Contoso CA");
    private static final String PASSWORD = "Pass1234";

    @TempDir
    static Path folder;

    private static DnsServer dns;
    private static Installation service;
    private static String otherToken;

    @BeforeAll
    static void open() {
        dns = DnsServer.start();
        service = new Installation(
                folder,
                Clock.systemUTC(),
                new OutsideSettings(Optional.of(new HostPort("127.0.0.1", dns.port())), Optional.empty()));
        otherToken = service.otherTenantToken();
    }

    @AfterAll
    static void close() {
        service.close();
        dns.close();
    }

    private static String pfx(PrivateKey key, List<X509Certificate> chain) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key, PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new));
        return stored(store);
    }

    private static String stored(KeyStore store) throws Exception {
        var out = new ByteArrayOutputStream();
        store.store(out, PASSWORD.toCharArray());
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\\n" + Base64.getEncoder().encodeToString(der) + "\\n-----END " + type
                + "-----\\n";
    }

    private static Response upload(Issued issued) throws Exception {
        return upload(pfx(issued.key(), issued.chain()), PASSWORD);
    }

    private static Response upload(String pfx, String password) {
        return service.post("/certificates", "{\"pfx\":\"" + pfx + "\",\"password\":\"" + password + "\"}");
    }

    private static Response publish(String name, String url, String more) {
        return service.post(
                "/applications",
                "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                        + ".corp/\",\"externalUrl\":\"" + url + "\"" + more + "}}");
    }

    /// Claims the domain and puts its record into the name server.
    private static void prove(String domain) {
        assertEquals(
                201, service.post("/domains", "{\"id\":\"" + domain + "\"}").status());
        dns.serve("txt-record=_postern." + domain + "," + proof(domain));
        Response verified = service.post("/domains/" + domain + "/verify", "{}");
        assertEquals(200, verified.status(), verified.raw().body());
    }

    private static String proof(String domain) {
        return service.get("/domains/" + domain + "/verificationDnsRecords").text("/value/0/text");
    }

    private static Optional<EdgeCertificate> shown(String host) {
        return service.administration.snapshots().current().certificates().stream()
                .filter(c -> c.covers(host))
                .findFirst();
    }

    /// DOM-4
    @Test
    void refusesAnUnverifiedDomainAndSaysWhichRecordProvesIt() {
        service.post("/domains", "{\"id\":\"Unproven.Example\"}");

        Response refused = publish("unproven", "https://wiki.unproven.example/", "");
        Response foreign = publish("foreign", "https://wiki.foreign.example/", "");

        assertEquals(400, refused.status());
        assertTrue(
                refused.text("/error/message").contains("_postern.unproven.example"),
                refused.raw().body());
        assertTrue(refused.text("/error/message").contains(proof("unproven.example")));
        assertTrue(
                foreign.text("/error/message").contains("postern domain add"),
                foreign.raw().body());
    }

    /// DOM-4
    @Test
    void publishesUnderADomainThatItsRecordProves() {
        service.post("/domains", "{\"id\":\"proven.example\"}");
        dns.serve("txt-record=_postern.proven.example,something else");
        Response early = service.post("/domains/proven.example/verify", "{}");
        dns.serve("txt-record=_postern.proven.example," + proof("proven.example"));
        Response verified = service.post("/domains/proven.example/verify", "{}");

        Response made = publish("proven", "https://wiki.proven.example/", "");

        assertEquals(409, early.status());
        assertTrue(
                early.text("/error/message").contains("says [something else]"),
                early.raw().body());
        assertTrue(verified.json().path("isVerified").asBoolean());
        assertEquals(201, made.status(), made.raw().body());
        assertTrue(made.json().path("warnings").toString().contains("no certificate covers 'wiki.proven.example'"));
        assertEquals(409, service.delete("/domains/proven.example").status(), "an application stands under it");
    }

    /// DOM-10
    @Test
    void namesTheRecordThatIsMissingOrLeadsElsewhere() {
        prove("named.example");
        dns.serve(
                "cname=away.named.example,elsewhere.example",
                "host-record=elsewhere.example,192.0.2.1",
                "cname=good.named.example,contoso.postern.localhost",
                "host-record=contoso.postern.localhost,127.0.0.1");

        Response nowhere = publish("nowhere", "https://nowhere.named.example/", "");
        Response away = publish("away", "https://away.named.example/", "");
        Response good = publish("good", "https://good.named.example/", "");

        assertTrue(
                nowhere.json().path("warnings").toString().contains("leads nowhere"),
                nowhere.raw().body());
        assertTrue(away.json().path("warnings").toString().contains("leads to 'elsewhere.example', not here"));
        assertTrue(away.json()
                .path("warnings")
                .toString()
                .contains("away.named.example. CNAME contoso.postern.localhost."));
        assertFalse(
                good.json().path("warnings").toString().contains("DOM-10"),
                good.raw().body());
    }

    /// DOM-10
    @Test
    void looksAtNamesWhenAPublicationChangesAndKeepsThemForHealth() {
        prove("moved.example");
        Response made = publish("moved", "https://moved-contoso.postern.localhost/", "");
        String publishing = "/v1.0/applications/" + made.text("/id") + "/onPremisesPublishing";
        var fields = Map.of("Authorization", "Bearer " + service.apiToken, "Prefer", "return=representation");

        Response changed =
                service.call("PATCH", publishing, fields, "{\"externalUrl\":\"https://wiki.moved.example/\"}");
        String health =
                service.get(Installation.PROFILE + "/applicationHealth").raw().body();

        assertEquals(200, changed.status(), changed.raw().body());
        assertTrue(changed.json().path("warnings").toString().contains("'wiki.moved.example' leads nowhere"));
        assertTrue(health.contains("'wiki.moved.example' leads nowhere"), health);
        assertTrue(health.contains("no certificate covers 'wiki.moved.example'"), health);

        dns.serve("cname=wiki.moved.example,contoso.postern.localhost");
        service.administration.services().names().lookAtAll();
        assertFalse(service.get(Installation.PROFILE + "/applicationHealth")
                .raw()
                .body()
                .contains("'wiki.moved.example' leads nowhere"));
        assertEquals(
                204,
                service.patch("/applications/" + made.text("/id") + "/onPremisesPublishing", "{}")
                        .status(),
                "as the original answers, where nobody prefers otherwise");
    }

    /// DOM-10
    @Test
    void showsTheCnamesToCreate() {
        prove("shown.example");
        String path = "/domains/shown.example/serviceConfigurationRecords";
        Response before = service.get(path);
        publish("shown", "https://wiki.shown.example/", "");
        Response after = service.get(path);

        assertEquals("*.shown.example", before.text("/value/0/label"));
        assertEquals("contoso.postern.localhost", before.text("/value/0/canonicalName"));
        assertEquals("wiki.shown.example", after.text("/value/0/label"));
        assertEquals(1, after.json().path("value").size());
    }

    /// CPX-7: where each segment has a record, the wildcard needs none; WILD-3: where there are none, it does.
    @Test
    void wantsARecordForWhatIsReachedUnderAWildcard() throws Exception {
        prove("wild.example");
        assertEquals(201, upload(AUTHORITY.server("*.wild.example")).status());
        dns.serve("cname=one.wild.example,contoso.postern.localhost");
        String segment = "{\"externalUrl\":\"https://%s.wild.example/\",\"internalUrl\":\"http://%s.segment.corp/\"}";

        Response complex = service.post(
                "/applications", """
                {"displayName": "complex", "onPremisesPublishing": {"internalUrl": "http://*.complex.corp/",
                 "externalUrl": "https://*.wild.example/",
                 "segmentsConfiguration": {"applicationSegments": [%s, %s]}}}
                """.formatted(segment.formatted("one", "one"), segment.formatted("two", "two")));
        Response plain = service.call(
                "PATCH",
                "/v1.0/applications/" + complex.text("/id") + "/onPremisesPublishing",
                Map.of("Authorization", "Bearer " + service.apiToken, "Prefer", "return=representation"),
                "{\"segmentsConfiguration\": null}");

        assertEquals(201, complex.status(), complex.raw().body());
        String warnings = complex.json().path("warnings").toString();
        assertTrue(warnings.contains("'two.wild.example' leads nowhere"), warnings);
        assertFalse(warnings.contains("'one.wild.example'"), warnings);
        assertFalse(warnings.contains("'*.wild.example'"), warnings);
        assertTrue(plain.json().path("warnings").toString().contains("'*.wild.example' leads nowhere"));
    }

    /// DOM-11
    @Test
    void namesRecordsThatAreLeftBehind() {
        prove("left.example");
        dns.serve(
                "cname=a.left.example,contoso.postern.localhost",
                "cname=b.left.example,elsewhere.example",
                "cname=c.left.example,contoso.postern.localhost");
        var fields = Map.of("Authorization", "Bearer " + service.apiToken, "Prefer", "return=representation");
        String a = publish("lefta", "https://a.left.example/", "").text("/id");
        String b = publish("leftb", "https://b.left.example/", "").text("/id");
        String c = publish("leftc", "https://c.left.example/one/", "").text("/id");
        publish("leftd", "https://c.left.example/two/", "");

        Response ours = service.call("DELETE", "/v1.0/applications/" + a, fields, null);
        Response elsewhere = service.call("DELETE", "/v1.0/applications/" + b, fields, null);
        Response used = service.call("DELETE", "/v1.0/applications/" + c, fields, null);

        assertEquals(200, ours.status());
        assertTrue(
                ours.text("/warnings/0").startsWith("the DNS record a.left.example. CNAME contoso.postern.localhost."));
        assertTrue(elsewhere.json().path("warnings").isEmpty(), elsewhere.raw().body());
        assertTrue(used.json().path("warnings").isEmpty(), used.raw().body());
    }

    /// DOM-10, DOM-11
    @Test
    void looksAtNamesOfWhatIsDeclared() {
        prove("declared.example");
        String apply = Installation.PROFILE + "/declarations/apply";
        Response made = service.post(
                apply,
                "{\"applications\":[{\"displayName\":\"declared\",\"onPremisesPublishing\":{\"internalUrl\":"
                        + "\"http://declared.corp/\",\"externalUrl\":\"https://wiki.declared.example/\"}}]}");
        assertEquals(200, made.status(), made.raw().body());
        assertTrue(
                made.raw().body().contains("'wiki.declared.example' leads nowhere"),
                made.raw().body());

        dns.serve("cname=wiki.declared.example,contoso.postern.localhost");
        Response gone = service.post(
                apply, "{\"applications\":[],\"deletedApplications\":[\"" + made.text("/changes/0/id") + "\"]}");

        assertTrue(gone.raw().body().contains("wiki.declared.example. CNAME contoso.postern.localhost. is left"));
    }

    /// FE-2
    @Test
    void namesAnAlternateHostThatNoCertificateCovers() throws Exception {
        prove("front.example");
        upload(AUTHORITY.server("wiki.front.example"));

        Response made =
                publish("front", "https://wiki.front.example/", ",\"alternateUrl\":\"https://www.front.example/\"");
        Response foreign =
                publish("front2", "https://b.front.example/", ",\"alternateUrl\":\"https://www.victim.example/\"");

        assertEquals(201, made.status(), made.raw().body());
        assertTrue(made.json().path("warnings").toString().contains("no certificate covers 'www.front.example'"));
        assertEquals(400, foreign.status());
        assertEquals(409, service.delete("/domains/front.example").status(), "the alternate host stands under it too");
    }

    @Test
    void believesNoRecordOfAnotherDomainOrOfAnotherClaim() {
        service.post("/domains", "{\"id\":\"mine.example\"}");
        service.post("/domains", "{\"id\":\"victim2.example\"}");
        dns.serve("txt-record=_postern.victim2.example," + proof("mine.example"));

        assertEquals(
                409, service.post("/domains/victim2.example/verify", "{}").status(), "the proof of another domain");

        String first = proof("mine.example");
        dns.serve("txt-record=_postern.mine.example," + first);
        assertEquals(200, service.post("/domains/mine.example/verify", "{}").status());
        assertEquals(204, service.delete("/domains/mine.example").status());
        service.post("/domains", "{\"id\":\"mine.example\"}");

        assertEquals(409, service.post("/domains/mine.example/verify", "{}").status(), "claimed anew, proven anew");
    }

    @Test
    void givesADomainThatWasGivenUpToWhoProvesItNext() throws Exception {
        prove("passed.example");
        upload(AUTHORITY.server("*.passed.example"));
        assertTrue(shown("wiki.passed.example").isPresent());
        assertEquals(204, service.delete("/domains/passed.example").status());
        assertTrue(shown("wiki.passed.example").isEmpty(), "its certificates went with it");
        var other = Map.of("Authorization", "Bearer " + otherToken);

        service.call("POST", "/v1.0/domains", other, "{\"id\":\"passed.example\"}");
        String proof = service.call("GET", "/v1.0/domains/passed.example/verificationDnsRecords", other, null)
                .text("/value/0/text");
        dns.serve("txt-record=_postern.passed.example," + proof);

        assertEquals(
                200,
                service.call("POST", "/v1.0/domains/passed.example/verify", other, "{}")
                        .status());
        assertEquals(
                409, service.post("/domains", "{\"id\":\"passed.example\"}").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "example",
                "postern.localhost",
                "login.postern.localhost",
                "_postern.contoso.example",
                "*.contoso.example",
                "192.0.2.1",
                "contoso.example/x",
                "contoso example.com",
                "contoso..example"
            })
    void claimsNothingThatIsNoDomainOfSomebodysOwn(String name) {
        assertEquals(400, service.post("/domains", "{\"id\":\"" + name + "\"}").status());
    }

    @Test
    void putsNothingOfAStrangersRecordOnATerminal() {
        service.post("/domains", "{\"id\":\"terminal.example\"}");
        dns.serve("txt-record=_postern.terminal.example,\u001b[2J" + "x".repeat(200));

        String said = service.post("/domains/terminal.example/verify", "{}").text("/error/message");

        assertTrue(said.contains("says [?[2Jxxx"), said);
        assertFalse(said.contains("x".repeat(100)), said);
    }

    /// Within a second on other nodes, without a restart; the test only says that it comes by itself.
    @Test
    void presentsANewCertificateOnEveryNode() throws Exception {
        String database = PostgresServer.shared().createDatabase();
        Path own = Files.createDirectories(folder.resolve("nodes"));
        DatabaseAddress address = DatabaseAddress.parse(database);
        var outside = new OutsideSettings(Optional.of(new HostPort("127.0.0.1", dns.port())), Optional.empty());
        try (var first = new Installation(own, Clock.systemUTC(), outside, address);
                Store connection = SqlStore.open(address);
                Administration second = first.node("srv-b", connection)) {
            first.post("/domains", "{\"id\":\"nodes.example\"}");
            dns.serve("txt-record=_postern.nodes.example,"
                    + first.get("/domains/nodes.example/verificationDnsRecords").text("/value/0/text"));
            assertEquals(200, first.post("/domains/nodes.example/verify", "{}").status());
            for (int i = 0; i < 3; i++) {
                Issued issued = AUTHORITY.server("wiki.nodes.example");

                Response uploaded = first.post(
                        "/certificates",
                        "{\"pfx\":\"" + pfx(issued.key(), issued.chain()) + "\",\"password\":\"" + PASSWORD + "\"}");

                assertEquals(201, uploaded.status(), uploaded.raw().body());
                long sent = System.nanoTime();
                while (second.snapshots().current().certificates().stream()
                        .noneMatch(c -> c.chain().getFirst().equals(issued.leaf()))) {
                    assertTrue(System.nanoTime() - sent < Duration.ofSeconds(20).toNanos(), "it did not come");
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }
    }

    @Test
    void saysThatTheNameServerIsSilent() {
        service.post("/domains", "{\"id\":\"silent.example\"}");
        dns.close();

        Response silent = service.post("/domains/silent.example/verify", "{}");

        assertEquals(409, silent.status());
        assertTrue(
                silent.text("/error/message").contains("did not answer"),
                silent.raw().body());
    }

    @Test
    void leavesADomainToTheTenantThatProvedIt() {
        prove("ours.example");
        var other = Map.of("Authorization", "Bearer " + otherToken);

        Response same = service.call("POST", "/v1.0/domains", other, "{\"id\":\"ours.example\"}");
        Response below = service.call("POST", "/v1.0/domains", other, "{\"id\":\"a.ours.example\"}");
        Response seen = service.call("GET", "/v1.0/domains", other, null);

        assertEquals(409, same.status());
        assertEquals(409, below.status());
        assertFalse(seen.raw().body().contains("ours.example"), seen.raw().body());
    }

    /// DOM-5
    @Test
    void refusesByNameWhatNoBrowserWouldTake() throws Exception {
        prove("judged.example");
        Issued good = AUTHORITY.server("wiki.judged.example");
        Instant now = Instant.now();
        Issued old = AUTHORITY.server(now.minus(Duration.ofDays(9)), now.minusSeconds(60), "wiki.judged.example");
        Issued self = TestCertificates.selfSigned("wiki.judged.example");
        Issued stranger = AUTHORITY.server("wiki.judged.example");
        KeyStore bare = KeyStore.getInstance("PKCS12");
        bare.load(null, null);
        bare.setCertificateEntry("only", good.leaf());

        assertAll(
                () -> complains(upload(old), "expired on"),
                () -> complains(upload(self), "is self-signed"),
                () -> complains(upload(stored(bare), PASSWORD), "no private key"),
                () -> complains(
                        upload(pfx(good.key(), good.chain()), "wrong"), "invalid certificate, possible wrong password"),
                () -> complains(upload("bm8gcGZ4", PASSWORD), "no PFX"),
                () -> complains(upload(pfx(stranger.key(), good.chain()), PASSWORD), "does not fit"),
                () -> complains(upload(AUTHORITY.server("wiki.elsewhere.example")), "verified domain"),
                () -> complains(
                        publish(
                                "deep",
                                "https://a.b.judged.example/",
                                credentials(AUTHORITY.server("*.judged.example"))),
                        "does not cover 'a.b.judged.example'; a wildcard covers one label (DOM-6)"));
    }

    private static void complains(Response response, String part) {
        assertEquals(400, response.status(), response.raw().body());
        assertTrue(response.text("/error/message").contains(part), response.text("/error/message"));
    }

    private static String credentials(Issued issued) throws Exception {
        return ",\"verifiedCustomDomainKeyCredential\":{\"type\":\"X509CertAndPassword\",\"value\":\""
                + pfx(issued.key(), issued.chain())
                + "\"},\"verifiedCustomDomainPasswordCredential\":{\"type\":null,\"value\":\"" + PASSWORD + "\"}";
    }

    /// DOM-8, DOM-9
    @Test
    void keepsTheCertificateOfAPublicationAndShowsItsMetadataOnly() throws Exception {
        prove("kept.example");
        Issued issued = AUTHORITY.server("wiki.kept.example");

        Response made = publish("kept", "https://wiki.kept.example/", credentials(issued));
        Response read = service.get("/applications/" + made.text("/id") + "/onPremisesPublishing");

        assertEquals(201, made.status(), made.raw().body());
        String metadata = "/verifiedCustomDomainCertificatesMetadata";
        assertEquals("CN=wiki.kept.example", read.text(metadata + "/subjectName"));
        assertEquals("CN=Contoso CA", read.text(metadata + "/issuerName"));
        assertEquals(40, read.text(metadata + "/thumbprint").length());
        assertTrue(read.json().path("verifiedCustomDomainKeyCredential").isNull());
        assertTrue(read.json().path("verifiedCustomDomainPasswordCredential").isNull());
        assertFalse(service.get("/certificates").raw().body().contains("PRIVATE"));
        assertEquals(200, service.get("/applications/" + made.text("/id")).status(), "what was read can be sent back");
    }

    /// DOM-8: better, since applications that are there use the new one at once
    @Test
    void putsANewCertificateInPlaceOfTheOldForApplicationsThatAreThere() throws Exception {
        prove("renewed.example");
        publish("renewed", "https://wiki.renewed.example/", credentials(AUTHORITY.server("wiki.renewed.example")));
        Issued next = AUTHORITY.server("*.renewed.example", "wiki.renewed.example");

        Response uploaded = upload(next);

        assertEquals(201, uploaded.status(), uploaded.raw().body());
        assertEquals(
                next.leaf(), shown("wiki.renewed.example").orElseThrow().chain().getFirst());
        assertEquals("renewed", uploaded.text("/applications/0"));
        assertEquals(
                1,
                service.store.read(s -> s.certificates().list(service.tenant.id())).stream()
                        .filter(c -> c.hosts().contains("wiki.renewed.example"))
                        .count(),
                "the old one went");
        assertEquals(
                409, service.delete("/certificates/" + uploaded.text("/id")).status());
    }

    @Test
    void takesPemAsWell() throws Exception {
        prove("pem.example");
        Issued issued = AUTHORITY.server("*.pem.example");

        Response uploaded = service.post(
                "/certificates",
                "{\"chain\":\"" + pem("CERTIFICATE", issued.leaf().getEncoded()) + "\",\"key\":\""
                        + pem("PRIVATE KEY", issued.key().getEncoded()) + "\"}");

        assertEquals(201, uploaded.status(), uploaded.raw().body());
        assertTrue(shown("any.pem.example").isPresent());
    }

    @Test
    void showsACertificateForNamesInItsTenantsDomainsOnly() throws Exception {
        prove("mixed.example");

        upload(AUTHORITY.server("wiki.mixed.example", "wiki.victim.example", "login.postern.localhost"));

        assertEquals(
                List.of("wiki.mixed.example"),
                shown("wiki.mixed.example").orElseThrow().hosts());
        assertTrue(shown("wiki.victim.example").isEmpty());
    }

    /// DOM-9
    @Test
    void warnsThirtyAndSevenDaysBeforeTheEnd() throws Exception {
        prove("ending.example");
        Instant now = Instant.now();
        Instant from = now.minus(Duration.ofDays(9));

        Response far = upload(AUTHORITY.server(from, now.plus(Duration.ofDays(31)), "far.ending.example"));
        Response soon = upload(AUTHORITY.server(from, now.plus(Duration.ofDays(29)), "soon.ending.example"));
        Response urgent = upload(AUTHORITY.server(from, now.plus(Duration.ofDays(6)), "now.ending.example"));

        assertEquals(0, far.json().path("warnings").size());
        assertTrue(
                soon.text("/warnings/0").contains("expires in 28 days"),
                soon.raw().body());
        assertTrue(
                urgent.text("/warnings/0").startsWith("urgent: "), urgent.raw().body());
    }

    @Test
    void keepsNoKeyInTheClear() throws Exception {
        prove("sealed.example");
        upload(AUTHORITY.server("wiki.sealed.example"));

        service.store
                .read(s -> s.certificates().listAll())
                .forEach(row -> assertFalse(row.sealed().contains("BEGIN"), row.id()));
    }
}
