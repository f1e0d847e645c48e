package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.base.EnrollmentToken;
import io.postern.domain.ConnectorId;
import io.postern.domain.DoorFields;
import io.postern.domain.event.ConnectorEvent;
import io.postern.fixtures.FakeClock;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a connector after its registration (docs/protocol/tunnel.md §6.1): its certificate, its
/// group, its end, and what is refused on the way. The test plays the gateway, which tells the proven certificate.
class RenewalTest {
    private static final String CONNECTORS = Installation.PROFILE + "/connectors/";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.now());
    private Installation service;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private record Connector(String id, String tenant, X509Certificate certificate) {
        String fingerprint() throws Exception {
            return EnrollmentToken.fingerprint(certificate.getEncoded());
        }
    }

    private static Connector read(Response response) throws Exception {
        assertEquals(200, response.status(), response.raw().body());
        var pem = new ByteArrayInputStream(response.text("/certificate").getBytes(StandardCharsets.US_ASCII));
        return new Connector(response.text("/connectorId"), response.text("/tenant"), (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }

    private Response mint(String bearer) {
        return service.call(
                "POST",
                "/v1.0" + Installation.PROFILE + "/connectorTokens",
                Map.of("Authorization", "Bearer " + bearer),
                "{}");
    }

    private Response enroll(String secret, String csr) {
        return service.connect(
                "POST",
                "/enroll",
                Map.of(DoorFields.DOOR, DoorFields.ENROLL, DoorFields.CLIENT_ADDRESS, "10.0.0.1"),
                "{\"token\":\"" + secret + "\",\"csr\":\"" + csr
                        + "\",\"machineName\":\"srv1\",\"version\":\"0.1.0\"}");
    }

    private static String secret(Response minted) {
        return EnrollmentToken.parse(minted.text("/token")).secret();
    }

    private Connector enrolled() throws Exception {
        return read(enroll(secret(mint(service.apiToken)), Installation.csr()));
    }

    private Response renew(String fingerprint, String csr) {
        var fields = new HashMap<>(Map.of(DoorFields.DOOR, DoorFields.ENROLL, DoorFields.CLIENT_ADDRESS, "10.0.0.1"));
        if (!fingerprint.isEmpty()) {
            fields.put(DoorFields.CLIENT_CERTIFICATE, fingerprint);
        }
        return service.connect("POST", "/renew", fields, "{\"csr\":\"" + csr + "\"}");
    }

    private Response registration(String fingerprint) {
        return service.connect(
                "GET",
                "/registration",
                Map.of(DoorFields.DOOR, DoorFields.ENROLL, DoorFields.CLIENT_CERTIFICATE, fingerprint),
                null);
    }

    private void opensTunnel(Connector connector) throws Exception {
        service.administration
                .events()
                .connector(new ConnectorEvent.TunnelOpened(
                        new ConnectorId(connector.id()),
                        clock.instant(),
                        "203.0.113.7",
                        "srv1",
                        "0.1.0",
                        connector.fingerprint()));
    }

    private boolean isKnown(Connector connector) throws Exception {
        return service.administration
                .snapshots()
                .current()
                .connector(connector.fingerprint())
                .isPresent();
    }

    /// `activity: reason` of what was refused.
    private List<String> refusals(String bearer) {
        var refusals = new ArrayList<String>();
        service.call("GET", "/v1.0/auditLogs/directoryAudits", Map.of("Authorization", "Bearer " + bearer), null)
                .json()
                .path("value")
                .forEach(entry -> {
                    if (entry.path("result").asString("").equals("failure")) {
                        entry.path("additionalDetails").forEach(detail -> {
                            if (detail.path("key").asString("").equals("reason")) {
                                refusals.add(entry.path("activityDisplayName").asString("") + ": "
                                        + detail.path("value").asString(""));
                            }
                        });
                    }
                });
        return refusals;
    }

    @Test
    void bothCertificatesAreGoodUntilTheNewOneIsUsedAndTheOldOneIsNotThen() throws Exception { // REG-5, REG-7
        Connector old = enrolled();
        clock.advance(Duration.ofDays(180));

        Connector renewed = read(renew(old.fingerprint(), Installation.csr()));
        assertEquals(old.id(), renewed.id());
        assertTrue(isKnown(old) && isKnown(renewed));
        assertEquals(
                Duration.ofDays(365),
                Duration.between(
                        clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                        renewed.certificate().getNotAfter().toInstant()));

        opensTunnel(renewed);
        Installation.await(() -> !isKnown(old));
        assertTrue(isKnown(renewed));
        Response refused = renew(old.fingerprint(), Installation.csr());
        assertEquals("401 unknownCertificate", refused.status() + " " + refused.text("/error/code"));
        assertTrue(refusals(service.apiToken).contains("Renew connector certificate: unknown-certificate"));
    }

    @Test
    void anAnswerThatWasLostIsReplacedByTheNext() throws Exception {
        Connector old = enrolled();
        Connector lost = read(renew(old.fingerprint(), Installation.csr()));

        Connector renewed = read(renew(old.fingerprint(), Installation.csr()));

        assertTrue(isKnown(old) && isKnown(renewed));
        assertFalse(isKnown(lost));
    }

    @Test
    void aRenewedCertificateMayRenewItself() throws Exception {
        Connector old = enrolled();
        Connector renewed = read(renew(old.fingerprint(), Installation.csr()));

        Connector again = read(renew(renewed.fingerprint(), Installation.csr()));

        assertTrue(isKnown(renewed) && isKnown(again));
        assertFalse(isKnown(old));
    }

    @Test
    void anExpiredCertificateIsNobodys() throws Exception { // REG-6
        Connector connector = enrolled();
        clock.advance(Duration.ofDays(366));
        service.administration.refresh();

        assertFalse(isKnown(connector));
    }

    @Test
    void aRequestThatCameBeforeIsRefusedAndAudited() throws Exception {
        String csr = Installation.csr();
        Connector connector = read(enroll(secret(mint(service.apiToken)), csr));
        String another = Installation.csr();
        read(renew(connector.fingerprint(), another));

        Response toRenew = renew(connector.fingerprint(), another);
        Response toRegister = enroll(secret(mint(service.apiToken)), csr);

        assertEquals("409 replayed", toRenew.status() + " " + toRenew.text("/error/code"));
        assertEquals("409 replayed", toRegister.status() + " " + toRegister.text("/error/code"));
        assertTrue(refusals(service.apiToken)
                .containsAll(List.of(
                        "Renew connector certificate: request-replayed", "Register connector: request-replayed")));
    }

    @Test
    void anUpdaterThatComesTooLateIsToldWhatToDoAndIsNoAttacker() throws Exception {
        Connector connector = enrolled();
        ask(connector, "/updates/ask", "{\"running\":\"1.0.0\",\"offered\":\"2.0.0\"}");

        for (int i = 0; i < 15; i++) { // more than an address may fail in a minute
            Response late = ask(connector, "/updates/prove", "{\"lease\":\"gone\",\"process\":\"p\"}");
            assertEquals("409 leaseLost", late.status() + " " + late.text("/error/code"));
            assertTrue(late.text("/error/message").contains("ask for another turn"), late.text("/error/message"));
        }
        Response end = ask(connector, "/updates/end", "{\"lease\":\"gone\",\"updated\":false,\"reason\":\"slept\"}");
        assertEquals("409 leaseLost", end.status() + " " + end.text("/error/code"));
    }

    private Response ask(Connector connector, String path, String body) throws Exception {
        return service.connect(
                "POST",
                path,
                Map.of(
                        DoorFields.DOOR,
                        DoorFields.ENROLL,
                        DoorFields.CLIENT_ADDRESS,
                        "10.0.0.1",
                        DoorFields.CLIENT_CERTIFICATE,
                        connector.fingerprint()),
                body);
    }

    @Test
    void nobodyRenewsWithoutACertificate() throws Exception {
        enrolled();

        Response refused = renew("", Installation.csr());

        assertEquals("401 noCertificate", refused.status() + " " + refused.text("/error/code"));
        assertTrue(refusals(service.apiToken).contains("Renew connector certificate: no-certificate"));
    }

    @Test
    void aTokenRenewsNothingAndACertificateRegistersNobody() throws Exception {
        Connector connector = enrolled();
        String secret = secret(mint(service.apiToken));

        assertEquals(401, renew(secret, Installation.csr()).status());
        assertEquals(
                401,
                enroll(connector.fingerprint().substring(0, 43), Installation.csr())
                        .status());
    }

    @Test
    void aStolenTokenIsToldToTheTenantThatItBelongsTo() throws Exception {
        String other = service.otherTenantToken();
        String secret = secret(mint(other));
        read(enroll(secret, Installation.csr()));

        assertEquals(401, enroll(secret, Installation.csr()).status());

        assertEquals(List.of("Register connector: token-used"), refusals(other));
        assertEquals(List.of(), refusals(service.apiToken));
    }

    @Test
    void aCertificateOfAnotherTenantActsInThatTenantOnly() throws Exception {
        Connector ours = enrolled();
        Connector theirs = read(enroll(secret(mint(service.otherTenantToken())), Installation.csr()));

        Connector renewed = read(renew(theirs.fingerprint(), Installation.csr()));

        assertEquals("fabrikam " + theirs.id(), renewed.tenant() + " " + renewed.id());
        assertEquals(theirs.id(), registration(theirs.fingerprint()).text("/connectorId"));
        assertTrue(isKnown(ours));
        assertEquals(404, service.get(CONNECTORS + theirs.id()).status());
    }

    @Test
    void aDisabledConnectorIsKnownAndLetInNowhere() throws Exception {
        Connector connector = enrolled();

        assertEquals(
                204,
                service.patch(CONNECTORS + connector.id(), "{\"accountEnabled\":false}")
                        .status());

        assertFalse(service.administration
                .snapshots()
                .current()
                .connector(connector.fingerprint())
                .orElseThrow()
                .enabled());
        Response refused = renew(connector.fingerprint(), Installation.csr());
        assertEquals("403 disabled", refused.status() + " " + refused.text("/error/code"));
        assertFalse(registration(connector.fingerprint())
                .json()
                .path("accountEnabled")
                .booleanValue());
        assertTrue(refusals(service.apiToken).contains("Renew connector certificate: disabled"));
        assertEquals(
                204,
                service.patch(CONNECTORS + connector.id(), "{\"accountEnabled\":true}")
                        .status());
        assertEquals(200, renew(connector.fingerprint(), Installation.csr()).status());
    }

    @Test
    void aDeletedConnectorsTriesAreToldToItsTenant() throws Exception { // REG-10
        Connector connector = enrolled();
        service.delete(CONNECTORS + connector.id());

        assertEquals(401, registration(connector.fingerprint()).status());
        for (int i = 0; i < 3; i++) {
            service.administration
                    .events()
                    .connector(new ConnectorEvent.Refused(
                            clock.instant(),
                            "203.0.113.7",
                            Optional.of(connector.certificate()),
                            "unknown-certificate"));
        }

        Installation.await(() -> !refusals(service.apiToken).isEmpty());
        assertEquals(List.of("Connect connector: unknown-certificate"), refusals(service.apiToken));
    }

    @Test
    void aRevokedTokenRegistersNobodyAndTheListTellsWhatBecameOfEach() throws Exception {
        Response used = mint(service.apiToken);
        Response revoked = mint(service.apiToken);
        mint(service.apiToken);
        String connector = read(enroll(secret(used), Installation.csr())).id();
        String tokens = Installation.PROFILE + "/connectorTokens";

        assertEquals(204, service.delete(tokens + "/" + revoked.text("/id")).status());
        assertEquals(401, enroll(secret(revoked), Installation.csr()).status());
        clock.advance(Duration.ofHours(2));

        var seen = new ArrayList<String>();
        service.get(tokens)
                .json()
                .path("value")
                .forEach(t -> seen.add(t.path("status").asString("") + " "
                        + t.path("connectorId").asString("-")));
        seen.sort(null);
        assertEquals(List.of("expired -", "used " + connector), seen);
        assertFalse(service.get(tokens).raw().body().contains(secret(used)));
        assertEquals(404, service.delete(tokens + "/" + revoked.text("/id")).status());
    }

    @Test
    void whoIsUnseenForTenDaysIsRemovedUnlessDisabledOrConnected() throws Exception { // STA-2
        Connector gone = enrolled();
        Connector disabled = enrolled();
        Connector connected = enrolled();
        service.patch(CONNECTORS + disabled.id(), "{\"accountEnabled\":false}");
        opensTunnel(connected);
        var connectors = service.administration.services().connectors();

        clock.advance(Duration.ofDays(10).minusSeconds(1));
        assertEquals(0, connectors.removeUnseen());
        clock.advance(Duration.ofSeconds(2));
        assertEquals(1, connectors.removeUnseen());

        assertEquals(404, service.get(CONNECTORS + gone.id()).status());
        assertEquals(200, service.get(CONNECTORS + disabled.id()).status());
        assertEquals(200, service.get(CONNECTORS + connected.id()).status());
        assertTrue(service.get("/auditLogs/directoryAudits").raw().body().contains("Remove inactive connector"));
        service.administration.catchUp();
        assertFalse(isKnown(gone));
    }

    @Test
    void aConnectorChangesItsRegionByWayOfAGroupWithoutOne() throws Exception { // GRP-6
        String id = enrolled().id();
        String groups = Installation.PROFILE + "/connectorGroups";
        String home = service.get(CONNECTORS + id + "/memberOf").text("/value/0/id");
        String europe =
                service.post(groups, "{\"name\":\"europe\",\"region\":\"eur\"}").text("/id");
        String asia =
                service.post(groups, "{\"name\":\"asia\",\"region\":\"asia\"}").text("/id");

        assertEquals(204, move(id, europe));
        assertEquals(409, move(id, asia));
        assertEquals(204, move(id, home));
        assertEquals(204, move(id, asia));
    }

    @Test
    void theDefaultGroupStaysAsItIs() { // GRP-5
        String group = service.get(Installation.PROFILE + "/connectorGroups").text("/value/0/id");
        String path = Installation.PROFILE + "/connectorGroups/" + group;

        assertEquals(409, service.patch(path, "{\"name\":\"other\"}").status());
        assertEquals(409, service.patch(path, "{\"region\":\"eur\"}").status());
        assertEquals(409, service.delete(path).status());
    }

    private int move(String connector, String group) {
        return service.post(
                        CONNECTORS + connector + "/memberOf/$ref",
                        "{\"@odata.id\":\"" + Installation.PROFILE + "/connectorGroups/" + group + "\"}")
                .status();
    }
}
