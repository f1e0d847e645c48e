package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.base.HostPort;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.fixtures.DnsServer;
import io.postern.fixtures.TestCertificates;
import io.postern.fixtures.TestCertificates.Issued;
import java.io.ByteArrayOutputStream;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Domains and their certificates by API: the rules of section 1.4, by their ids, with a real name server.
class CustomDomainTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Contoso CA");
    private static final String PASSWORD = "Pass1234";

    @TempDir
    static Path folder;

    private static DnsServer dns;
    private static Installation service;

    @BeforeAll
    static void open() {
        dns = DnsServer.start();
        service = new Installation(
                folder,
                Clock.systemUTC(),
                new OutsideSettings(Optional.of(new HostPort("127.0.0.1", dns.port())), Optional.empty()));
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
        assertEquals(201, service.post("/domains", "{\"id\":\"" + domain + "\"}").status());
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
        assertTrue(refused.text("/error/message").contains("_postern.unproven.example"), refused.raw().body());
        assertTrue(refused.text("/error/message").contains(proof("unproven.example")));
        assertTrue(foreign.text("/error/message").contains("postern domain add"), foreign.raw().body());
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
        assertTrue(early.text("/error/message").contains("says [something else]"), early.raw().body());
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

        assertTrue(nowhere.json().path("warnings").toString().contains("leads nowhere"), nowhere.raw().body());
        assertTrue(away.json().path("warnings").toString().contains("leads to 'elsewhere.example', not here"));
        assertTrue(away.json()
                .path("warnings")
                .toString()
                .contains("away.named.example. CNAME contoso.postern.localhost."));
        assertFalse(good.json().path("warnings").toString().contains("DOM-10"), good.raw().body());
    }

    @Test
    void saysThatTheNameServerIsSilent() {
        service.post("/domains", "{\"id\":\"silent.example\"}");
        dns.close();

        Response silent = service.post("/domains/silent.example/verify", "{}");

        assertEquals(409, silent.status());
        assertTrue(silent.text("/error/message").contains("did not answer"), silent.raw().body());
    }

    @Test
    void leavesADomainToTheTenantThatProvedIt() {
        prove("ours.example");
        var other = Map.of("Authorization", "Bearer " + service.otherTenantToken());

        Response same = service.call("POST", "/v1.0/domains", other, "{\"id\":\"ours.example\"}");
        Response below = service.call("POST", "/v1.0/domains", other, "{\"id\":\"a.ours.example\"}");
        Response seen = service.call("GET", "/v1.0/domains", other, null);

        assertEquals(409, same.status());
        assertEquals(409, below.status());
        assertEquals(0, seen.json().path("value").size());
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
                        publish("deep", "https://a.b.judged.example/", credentials(AUTHORITY.server("*.judged.example"))),
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
        assertEquals(
                200, service.get("/applications/" + made.text("/id")).status(), "what was read can be sent back");
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
        assertEquals(409, service.delete("/certificates/" + uploaded.text("/id")).status());
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

        assertEquals(List.of("wiki.mixed.example"), shown("wiki.mixed.example").orElseThrow().hosts());
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
        assertTrue(soon.text("/warnings/0").contains("expires in 28 days"), soon.raw().body());
        assertTrue(urgent.text("/warnings/0").startsWith("urgent: "), urgent.raw().body());
    }

    @Test
    void keepsNoKeyInTheClear() throws Exception {
        prove("sealed.example");
        upload(AUTHORITY.server("wiki.sealed.example"));

        service.store.read(s -> s.certificates().listAll())
                .forEach(row -> assertFalse(row.sealed().contains("BEGIN"), row.id()));
    }
}
