package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.service.CertificateOrders;
import io.postern.base.HostPort;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.fixtures.AcmeServer;
import io.postern.fixtures.FakeClock;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.TestCertificates;
import io.postern.fixtures.TestCertificates.Issued;
import io.postern.pki.acme.AcmeSettings;
import io.postern.store.Alert;
import io.postern.store.CertificateOrder;
import io.postern.store.CertificateOrder.State;
import io.postern.store.CertificateOrderStore;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Certificates on order as time goes by, with a real ACME server (RFC 8555) and a clock that the test moves.
class CertificateOrdersTest {
    private static final String DOMAIN = "contoso.example";
    private static final String HOST = "wiki.contoso.example";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.now());
    private final AcmeServer acme = AcmeServer.start(Duration.ofDays(9));
    private Optional<Installation> opened = Optional.empty();

    @AfterEach
    void close() {
        opened.ifPresent(Installation::close);
        acme.close();
    }

    private Installation service(URI directory) {
        var service = new Installation(
                folder,
                clock,
                new OutsideSettings(
                        Optional.of(new HostPort("127.0.0.1", acme.dnsPort())),
                        Optional.of(new AcmeSettings(
                                directory,
                                Optional.empty(),
                                Optional.of(acme.authority()),
                                AcmeSettings.Way.DNS,
                                Optional.of(acme.hook())))));
        opened = Optional.of(service);
        service.post("/domains", "{\"id\":\"" + DOMAIN + "\"}");
        acme.text(
                "_postern." + DOMAIN,
                service.get("/domains/" + DOMAIN + "/verificationDnsRecords").text("/value/0/text"));
        assertEquals(200, service.post("/domains/" + DOMAIN + "/verify", "{}").status());
        return service;
    }

    private static String order(Installation service, String host) {
        var placed = service.post("/certificateOrders", "{\"hosts\":[\"" + host + "\"]}");
        assertEquals(201, placed.status(), placed.raw().body());
        return placed.text("/id");
    }

    private static CertificateOrder standing(Installation service, String id) {
        return service.store
                .read(s -> s.certificateOrders().find(service.tenant.id(), id))
                .orElseThrow();
    }

    private static Optional<X509Certificate> shown(Installation service, String host) {
        service.administration.catchUp();
        return service.administration.snapshots().current().certificates().stream()
                .filter(certificate -> certificate.covers(host))
                .findFirst()
                .map(EdgeCertificate::chain)
                .map(List::getFirst);
    }

    private static CertificateOrders orders(Installation service) {
        return service.administration.services().certificateOrders();
    }

    private static List<JsonNode> audits(Installation service, String activity) {
        return service.get("/auditLogs/directoryAudits?$top=999")
                .json()
                .path("value")
                .valueStream()
                .filter(audit -> audit.path("activityDisplayName").asString().equals(activity))
                .toList();
    }

    @Test
    void renewsWhenAThirdOfTheLifeIsLeft() {
        Installation service = service(acme.directory());
        String id = order(service, "*." + DOMAIN);
        orders(service).work();
        assertEquals(
                State.VALID,
                standing(service, id).state(),
                standing(service, id).problem());
        X509Certificate first = shown(service, HOST).orElseThrow();

        clock.advance(Duration.ofDays(5));
        orders(service).work();
        assertEquals(Optional.of(first), shown(service, HOST), "too early");

        clock.advance(Duration.ofDays(1).plusMinutes(10));
        orders(service).work();
        X509Certificate second = shown(service, HOST).orElseThrow();
        assertNotEquals(first, second);
        assertNotEquals(first.getPublicKey(), second.getPublicKey(), "a new key each time");
        assertEquals(
                1,
                service.store
                        .read(s -> s.certificates().list(service.tenant.id()))
                        .size(),
                "the old one went");
        assertEquals(
                List.of(),
                service.store.read(s -> s.certificateOrders().challenges()),
                "nothing is shown while nothing is ordered");
    }

    @Test
    void triesAgainAtGrowingIntervalsAndSaysSo() {
        Installation service = service(URI.create("https://127.0.0.1:" + FreePort.find() + "/dir"));
        String id = order(service, HOST);
        service.post(
                "/applications",
                "{\"displayName\":\"Wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\","
                        + "\"externalUrl\":\"https://" + HOST + "/\"}}");
        Duration before = Duration.ZERO;

        for (int attempt = 1; attempt <= 11; attempt++) {
            orders(service).work();
            orders(service).work(); // not due
            CertificateOrder failed = standing(service, id);
            assertEquals(State.FAILED, failed.state());
            assertEquals(attempt, failed.attempts());
            Duration pause = Duration.between(clock.instant(), failed.due());
            assertTrue(pause.compareTo(before) > 0 || pause.equals(Duration.ofDays(1)), before + " then " + pause);
            before = pause;
            clock.advance(pause);
        }

        assertEquals(Duration.ofDays(1), before, "and once a day from then on");
        List<JsonNode> told = audits(service, "Order certificate").stream()
                .filter(audit -> audit.path("result").asString().equals("failure"))
                .toList();
        assertEquals(11, told.size());
        assertTrue(
                told.getFirst().toString().contains("refused or was not reached"),
                told.getFirst().toString());
        String warnings = service.get(Installation.PROFILE + "/applicationHealth")
                .json()
                .at("/value/0/warnings")
                .toString();
        assertTrue(warnings.contains("no new certificate for " + HOST + ", 11 times tried"), warnings);
    }

    @Test
    void keepsTheCertificateInForceWhileItsRenewalFails() throws Exception {
        Installation service = service(URI.create("https://127.0.0.1:" + FreePort.find() + "/dir"));
        Issued issued = TestCertificates.authority("Contoso CA").server(HOST);
        upload(service, issued);
        order(service, HOST);

        orders(service).work();

        assertEquals(Optional.of(issued.leaf()), shown(service, HOST));
    }

    @Test
    void asksTheHookForTheRecordAndTakesItAway() {
        Installation service = service(acme.directory());
        order(service, HOST);

        orders(service).work();

        assertTrue(shown(service, HOST).isPresent());
        String named = service.get("/certificates").text("/value/0/hosts/0");
        assertEquals(HOST, named);
    }

    @Test
    void ordersForPublishedNamesWithoutBeingAsked() {
        Installation service = service(acme.directory());
        service.patch("/domains/" + DOMAIN, "{\"isCertificateOrdered\":true}");
        service.post(
                "/applications",
                "{\"displayName\":\"Wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\","
                        + "\"externalUrl\":\"https://" + HOST + "/\"}}");

        orders(service).work();
        orders(service).work();

        assertTrue(shown(service, HOST).isPresent());
        assertEquals(1, service.get("/certificateOrders").json().path("value").size());
    }

    @Test
    void ordersNothingForNamesThatAreNotTheTenants() {
        Installation service = service(acme.directory());

        for (String host : List.of(
                "wiki.fabrikam.example",
                "login.postern.localhost",
                "example",
                "*",
                "",
                "wiki.contoso.example.evil.test")) {
            var refused = service.post("/certificateOrders", "{\"hosts\":[\"" + host + "\"]}");
            assertEquals(400, refused.status(), host + refused.raw().body());
        }
    }

    /// A tenant that lost its domain while the ACME server was slow gets nothing for it.
    @Test
    void forgetsOrdersOfADomainThatIsRemoved() {
        Installation service = service(acme.directory());
        order(service, HOST);

        assertEquals(204, service.delete("/domains/" + DOMAIN).status());
        orders(service).work();

        assertTrue(shown(service, HOST).isEmpty());
        assertEquals(0, service.get("/certificateOrders").json().path("value").size());
    }

    /// DOM-9
    @Test
    void tellsOfTheEndAtEachMarkOnce() throws Exception {
        Installation service = service(acme.directory());
        Instant now = clock.instant();
        upload(
                service,
                TestCertificates.authority("Contoso CA")
                        .server(now.minusSeconds(60), now.plus(Duration.ofDays(31)), HOST));
        var watch = service.administration.services().certificateWatch();

        assertEquals(List.of(), watch.tell(), "31 days");
        for (int days : List.of(30, 14, 7, 1)) {
            clock.advance(Duration.between(clock.instant(), now.plus(Duration.ofDays(31 - days))));
            List<String> told = watch.tell();
            assertEquals(1, told.size(), days + " days");
            assertTrue(told.getFirst().contains(HOST), told.getFirst());
            assertEquals(days <= 7, told.getFirst().startsWith("urgent"), told.getFirst());
            assertEquals(List.of(), watch.tell(), "once, at " + days + " days");
        }
        clock.advance(Duration.ofDays(1).plusSeconds(1));
        assertTrue(watch.tell().getFirst().contains("expired on"));
        assertEquals(List.of(), watch.tell());
        assertEquals(4, audits(service, "Certificate expires soon").size());
        assertEquals(1, audits(service, "Certificate expired").size());
        assertEquals(
                List.of("server-certificate.expired", "server-certificate.expires"),
                service.store.read(stores -> stores.alerts().list(service.tenant.id(), 10)).stream()
                        .map(Alert::kind)
                        .distinct()
                        .toList(),
                "administrators are told by mail and webhook");
        assertTrue(shown(service, HOST).isEmpty(), "and it is presented no more");
    }

    /// RFC 8555 §8.3: what is shown lapses with the attempt, even when the node that showed it is gone.
    @Test
    void showsNoProofOfAnAttemptThatIsLongOver() {
        Installation service = service(acme.directory());
        service.store.write(stores -> {
            stores.certificateOrders()
                    .putChallenge(new CertificateOrderStore.Challenge(
                            CertificateOrderStore.Challenge.Kind.HTTP,
                            HOST + "/token",
                            "text",
                            clock.instant().plus(Duration.ofMinutes(5))));
            stores.changes().bump();
            return true;
        });
        service.administration.catchUp();
        assertEquals(
                Optional.of("text"),
                service.administration.snapshots().current().orderProofs().text(HOST, "token"));

        clock.advance(Duration.ofMinutes(6));
        service.administration.refresh();

        assertEquals(
                Optional.empty(),
                service.administration.snapshots().current().orderProofs().text(HOST, "token"));
    }

    private static void upload(Installation service, Issued issued) throws Exception {
        StringBuilder chain = new StringBuilder();
        for (X509Certificate certificate : issued.chain()) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        var uploaded = service.post(
                "/certificates",
                "{\"chain\":\"" + chain + "\",\"key\":\""
                        + pem("PRIVATE KEY", issued.key().getEncoded()) + "\"}");
        assertEquals(201, uploaded.status(), uploaded.raw().body());
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\\n" + Base64.getEncoder().encodeToString(der) + "\\n-----END " + type
                + "-----\\n";
    }
}
