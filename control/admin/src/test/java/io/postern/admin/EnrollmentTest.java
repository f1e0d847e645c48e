package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.base.EnrollmentToken;
import io.postern.domain.ConnectorId;
import io.postern.domain.DoorFields;
import io.postern.domain.event.ConnectorEvent;
import io.postern.store.EnrollmentTokenStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// docs/protocol/tunnel.md §6, and what the API tells of connectors (2.6).
class EnrollmentTest {
    @TempDir
    Path folder;

    private Installation service;

    @BeforeEach
    void open() {
        service = new Installation(folder);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private String mint() {
        Response minted = service.post(Installation.PROFILE + "/connectorTokens", "{}");
        assertEquals(201, minted.status(), minted.raw().body());
        return EnrollmentToken.parse(minted.text("/token")).secret();
    }

    private Response enroll(String secret, String csr, String address) {
        return service.connect(
                Map.of(DoorFields.DOOR, DoorFields.ENROLL, DoorFields.CLIENT_ADDRESS, address),
                "{\"token\":\"" + secret + "\",\"csr\":\"" + csr
                        + "\",\"machineName\":\"srv1\",\"version\":\"0.1.0\",\"os\":\"linux\"}");
    }

    @Test
    void registersAConnectorThatTheSnapshotKnows() throws Exception {
        Response enrolled = enroll(mint(), Installation.csr(), "10.0.0.1");

        assertEquals(200, enrolled.status(), enrolled.raw().body());
        assertEquals("contoso", enrolled.text("/tenant"));
        assertEquals("Default", enrolled.text("/group"));
        var entry = service.administration
                .snapshots()
                .current()
                .connectors()
                .values()
                .iterator()
                .next();
        assertEquals(enrolled.text("/connectorId"), entry.id().value());
        assertTrue(service.get(Installation.PROFILE).json().at("/isEnabled").booleanValue()); // REG-2
    }

    @Test
    void takesATokenOnce() throws Exception {
        String token = mint();

        int first = enroll(token, Installation.csr(), "10.0.0.1").status();
        Response second = enroll(token, Installation.csr(), "10.0.0.1");

        assertEquals("200 401", first + " " + second.status());
        assertEquals("invalidToken", second.text("/error/code"));
    }

    @Test
    void givesOneOfManyReplaysACertificate() throws Exception {
        String token = mint();
        String csr = Installation.csr();
        Callable<Integer> call = () -> enroll(token, csr, "10.0.0.1").status();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> statuses = threads.invokeAll(List.of(call, call, call, call)).stream()
                    .map(Future::resultNow)
                    .sorted()
                    .toList();

            assertEquals(List.of(200, 401, 401, 401), statuses);
        }
    }

    @Test
    void refusesForgedTokensAndThenTheAddress() throws Exception {
        String csr = Installation.csr();
        String forged = "A".repeat(43);
        for (int i = 0; i < 10; i++) {
            assertEquals(401, enroll(forged, csr, "10.0.0.9").status());
        }
        assertEquals(429, enroll(mint(), csr, "10.0.0.9").status());
        assertEquals(200, enroll(mint(), csr, "10.0.0.10").status());
    }

    @Test
    void refusesAnExpiredToken() throws Exception {
        String secret = mint();
        service.store.write(s -> {
            var token = s.enrollmentTokens()
                    .find(new EnrollmentToken(secret, "0".repeat(64)).secretHash())
                    .orElseThrow();
            s.enrollmentTokens().delete(token.tenant(), token.id());
            s.enrollmentTokens()
                    .insert(new EnrollmentTokenStore.Row(
                            token.tenant(),
                            token.id(),
                            token.group(),
                            token.secretHash(),
                            token.created(),
                            token.createdBy(),
                            Instant.now().minusSeconds(1),
                            Optional.empty()));
            return true;
        });

        assertEquals(401, enroll(secret, Installation.csr(), "10.0.0.1").status());
    }

    @Test
    void keepsTheTokenWhenTheRequestIsBad() throws Exception {
        String token = mint();

        int bad = enroll(token, Base64.getEncoder().encodeToString(new byte[] {1, 2, 3}), "10.0.0.1")
                .status();
        int noBase64 = enroll(token, "%%%", "10.0.0.1").status();
        int good = enroll(token, Installation.csr(), "10.0.0.1").status();

        assertEquals("400 400 200", bad + " " + noBase64 + " " + good);
    }

    @Test
    void answersTheEnrolmentHandshakeOnly() throws Exception {
        Response refused = service.connect(
                Map.of(DoorFields.CLIENT_ADDRESS, "10.0.0.1"),
                "{\"token\":\"" + mint() + "\",\"csr\":\"" + Installation.csr()
                        + "\",\"machineName\":\"m\",\"version\":\"1\"}");

        assertEquals(404, refused.status());
    }

    @Test
    void forgetsADeletedConnectorsCertificateAtOnce() throws Exception { // REG-10
        String id = enroll(mint(), Installation.csr(), "10.0.0.1").text("/connectorId");

        service.delete(Installation.PROFILE + "/connectors/" + id);

        assertTrue(service.administration.snapshots().current().connectors().isEmpty());
    }

    @Test
    void movesAConnectorToExactlyOneGroup() throws Exception { // GRP-1, GRP-5
        String id = enroll(mint(), Installation.csr(), "10.0.0.1").text("/connectorId");
        String groups = Installation.PROFILE + "/connectorGroups";
        String group = service.post(groups, "{\"name\":\"site\"}").text("/id");

        Response moved = service.post(
                Installation.PROFILE + "/connectors/" + id + "/memberOf/$ref",
                "{\"@odata.id\":\"https://api.postern.localhost:8443/v1.0" + groups + "/" + group + "\"}");
        Response now = service.get(Installation.PROFILE + "/connectors/" + id + "/memberOf");

        assertEquals(204, moved.status(), moved.raw().body());
        assertEquals(group, now.text("/value/0/id"));
        assertEquals(409, service.delete(groups + "/" + group).status());
    }

    @Test
    void isActiveWhileATunnelIsOpen() throws Exception { // STA-1
        String id = enroll(mint(), Installation.csr(), "10.0.0.1").text("/connectorId");
        String path = Installation.PROFILE + "/connectors/" + id;
        var connector = new ConnectorId(id);

        String before = service.get(path).text("/status");
        service.administration
                .events()
                .connector(new ConnectorEvent.TunnelOpened(
                        connector, Instant.now(), "203.0.113.7", "srv1", "0.2.0", "f".repeat(64)));
        String open = service.get(path).text("/status");
        service.administration.events().connector(new ConnectorEvent.TunnelClosed(connector, Instant.now(), "lost", 0));
        String closed = service.get(path).text("/status");

        assertEquals("inactive active inactive", before + " " + open + " " + closed);
        assertFalse(service.get(path).text("/machineName").isEmpty());
    }
}
