package io.postern.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Binary;
import io.postern.fixtures.ProcessFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The two authorities as verifiers see them: Java's PKIX and OpenSSL, neither of them ours.
class PkiTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private Node node;

    @BeforeEach
    void open() {
        node = Node.sqlite(folder);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void browsersAcceptTheEdgeCertificate() throws Exception {
        Pki pki = node.pki();
        var edge = pki.edgeCertificate();

        assertDoesNotThrow(() -> validate(edge.chain(), browserAuthority(pki), Node.NOW));
        assertEquals(List.of("*." + Node.BASE, Node.BASE), edge.hosts());
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), edge.chain().getFirst().getExtendedKeyUsage());
        Duration life =
                Duration.between(Node.NOW, edge.chain().getFirst().getNotAfter().toInstant());
        assertTrue(life.compareTo(DAY.multipliedBy(90)) >= 0 && life.compareTo(DAY.multipliedBy(397)) <= 0);
    }

    @Test
    void theBrowsersAuthorityIsGoodForTheBaseDomainOnly() throws Exception {
        Pki pki = node.pki();
        var authority = new Authority(stored("pki/browser-authority/" + Node.BASE));

        assertEquals(0, authority.certificate().getBasicConstraints());
        assertTrue(
                authority.certificate().getCriticalExtensionOIDs().contains("2.5.29.30"), "critical nameConstraints");
        assertEquals(authority.certificate(), browserAuthority(pki));
        for (String host : List.of("bank.example", "evil" + Node.BASE, "localhost", "*.localhost")) {
            Identity outside = authority.issueServer(List.of(host), Node.NOW, DAY);
            assertThrows(
                    CertPathValidatorException.class,
                    () -> validate(outside.chain(), browserAuthority(pki), Node.NOW),
                    host);
        }
        Identity inside = authority.issueServer(List.of("wiki-contoso." + Node.BASE), Node.NOW, DAY);
        assertDoesNotThrow(() -> validate(inside.chain(), browserAuthority(pki), Node.NOW));
    }

    @Test
    void opensslAgrees() throws Exception {
        Pki pki = node.pki();
        var authority = new Authority(stored("pki/browser-authority/" + Node.BASE));
        Path root = Files.writeString(folder.resolve("ca.pem"), pki.browserAuthorityPem());
        Instant now = Instant.now();
        Identity inside = authority.issueServer(List.of("wiki." + Node.BASE), now, DAY);
        Identity outside = authority.issueServer(List.of("bank.example"), now, DAY);

        assertEquals(0, openssl(root, inside, "sslserver"));
        assertNotEquals(0, openssl(root, outside, "sslserver"));
        assertNotEquals(0, openssl(root, inside, "sslclient"));
    }

    @Test
    void theTunnelCertificateComesFromTheConnectorsAuthority() {
        Pki pki = node.pki();
        var tunnel = pki.tunnelCertificate();

        assertEquals(List.of("connect." + Node.BASE), tunnel.hosts());
        assertEquals(pki.connectorAuthority(), tunnel.chain().getLast());
        assertDoesNotThrow(() -> validate(tunnel.chain(), pki.connectorAuthority(), Node.NOW));
        assertThrows(CertPathValidatorException.class, () -> validate(tunnel.chain(), browserAuthority(pki), Node.NOW));
    }

    @Test
    void everythingIsTheSameAfterARestart() throws Exception {
        Pki first = node.pki();
        node.close();
        node = Node.sqlite(folder);
        Pki second = node.pki();

        assertEquals(first.edgeCertificate().chain(), second.edgeCertificate().chain());
        assertArrayEquals(
                first.edgeCertificate().key().getEncoded(),
                second.edgeCertificate().key().getEncoded());
        assertEquals(
                first.tunnelCertificate().chain(), second.tunnelCertificate().chain());
        assertEquals(first.connectorAuthority(), second.connectorAuthority());
        assertEquals(first.browserAuthorityPem(), second.browserAuthorityPem());
    }

    @Test
    void noPrivateKeyStandsInTheDatabaseInTheOpen() throws Exception {
        node.pki();
        node.store().read(s -> {
            s.secrets().list("").forEach(row -> assertFalse(row.sealed().contains("PRIVATE"), row.name()));
            return true;
        });
        node.close();

        byte[] file = Files.readAllBytes(folder.resolve("postern.db"));
        assertFalse(new String(file, java.nio.charset.StandardCharsets.ISO_8859_1).contains("PRIVATE KEY"));
        node = Node.sqlite(folder);
    }

    @Test
    void renewsWhenLessThanAThirdIsLeft() {
        Pki pki = node.pki();
        var before = pki.edgeCertificate().chain();

        assertFalse(node.pki(Node.NOW.plus(DAY.multipliedBy(59))).renewDue());
        Pki later = node.pki(Node.NOW.plus(DAY.multipliedBy(61)));

        assertNotEquals(before, later.edgeCertificate().chain());
        assertEquals(pki.browserAuthorityPem(), later.browserAuthorityPem(), "the authority stays");
        assertTrue(pki.renewDue(), "a node that is running takes over what another renewed");
        assertEquals(later.edgeCertificate().chain(), pki.edgeCertificate().chain());
        assertFalse(pki.renewDue());
    }

    @Test
    void anotherBaseDomainHasItsOwnAuthority() {
        Pki pki = node.pki();
        Pki other = Pki.open(node.store(), node.key(), "apps.example", Node.at(Node.NOW));

        assertNotEquals(pki.browserAuthorityPem(), other.browserAuthorityPem());
        assertEquals(pki.connectorAuthority(), other.connectorAuthority(), "connectors stay enrolled");
        assertDoesNotThrow(() -> validate(other.edgeCertificate().chain(), browserAuthority(other), Node.NOW));
        assertEquals(List.of("connect.apps.example"), other.tunnelCertificate().hosts());
    }

    @Test
    void anAuthorityNeverIssuesBeyondItsOwnEnd() {
        Pki pki = node.pki();
        Instant late = Node.NOW.plus(Duration.ofDays(3650 - 80));

        Pki later = node.pki(late);

        assertNotEquals(pki.browserAuthorityPem(), later.browserAuthorityPem());
        assertDoesNotThrow(() -> validate(later.edgeCertificate().chain(), browserAuthority(later), late));
    }

    @Test
    void nodesThatStartTogetherAgree() throws Exception {
        String database = Node.database();
        try (Node first = Node.postgres(database, folder);
                Node second = Node.postgres(database, folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Pki>> starts =
                    List.of(first::pki, second::pki, first::pki, second::pki, first::pki, second::pki);

            List<Pki> started = threads.invokeAll(starts).stream()
                    .map(future -> assertDoesNotThrow(() -> future.get()))
                    .toList();

            for (Pki each : started) {
                assertEquals(started.getFirst().connectorAuthority(), each.connectorAuthority());
                assertEquals(started.getFirst().browserAuthorityPem(), each.browserAuthorityPem());
                assertEquals(
                        started.getFirst().edgeCertificate().chain(),
                        each.edgeCertificate().chain());
            }
        }
    }

    private Identity stored(String name) throws Exception {
        String sealed = node.store().read(s -> s.secrets().find(name)).orElseThrow();
        return Identity.ofPem(node.key().sealer("pki").open(sealed, name).orElseThrow());
    }

    private int openssl(Path root, Identity identity, String purpose) throws Exception {
        Path leaf = Files.writeString(folder.resolve("leaf.pem"), Pem.of(identity.certificate()));
        List<String> command = List.of(
                Binary.find("openssl", "openssl").toString(),
                "verify",
                "-x509_strict",
                "-purpose",
                purpose,
                "-attime",
                Long.toString(Instant.now().getEpochSecond()),
                "-CAfile",
                root.toString(),
                leaf.toString());
        try (var process = ProcessFixture.start("openssl", command)) {
            return process.awaitExit(Duration.ofSeconds(20));
        }
    }

    private static X509Certificate browserAuthority(Pki pki) throws Exception {
        return Pem.certificates(pki.browserAuthorityPem()).getFirst();
    }

    private static void validate(List<X509Certificate> chain, X509Certificate root, Instant at) throws Exception {
        // Java ignores what an anchor's certificate says, so the authority stands in the path, under its own key
        var anchor = new TrustAnchor(root.getSubjectX500Principal(), root.getPublicKey(), null);
        var parameters = new PKIXParameters(Set.of(anchor));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain.getFirst(), root));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }
}
