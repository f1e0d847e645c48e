package io.postern.pki;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.EnrollmentToken;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What connectors are given, and what is refused to them (tunnel.md §6).
class ConnectorCertificateTest {
    private static final TenantId TENANT = TenantId.random();
    private static final ConnectorId CONNECTOR = ConnectorId.random();

    @TempDir
    static Path folder;

    private static Node node;
    private static Pki pki;

    @BeforeAll
    static void open() {
        node = Node.sqlite(folder);
        pki = node.pki();
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @Test
    void theSubjectOfTheRequestIsIgnored() throws Exception {
        IssuedConnector issued =
                pki.issueConnector(TENANT, CONNECTOR, Requests.signed(Requests.ec("secp256r1"), "SHA256withECDSA"));
        X509Certificate certificate = issued.certificate();

        assertEquals(
                "CN=" + CONNECTOR + ",O=" + TENANT,
                certificate.getSubjectX500Principal().getName());
        assertFalse(certificate.getSubjectX500Principal().getName().contains("admin"));
    }

    @Test
    void theCertificateIsForClientsOnlyAndForAYear() throws Exception {
        IssuedConnector issued =
                pki.issueConnector(TENANT, CONNECTOR, Requests.signed(Requests.rsa(2048), "SHA256withRSA"));
        X509Certificate certificate = issued.certificate();

        assertDoesNotThrow(() -> certificate.verify(pki.connectorAuthority().getPublicKey()));
        assertEquals(List.of("1.3.6.1.5.5.7.3.2"), certificate.getExtendedKeyUsage());
        assertEquals(-1, certificate.getBasicConstraints());
        assertEquals(Node.NOW.plus(Duration.ofDays(365)), issued.expires());
        assertEquals(EnrollmentToken.fingerprint(certificate.getEncoded()), issued.fingerprint());
        assertEquals(List.of(certificate), Pem.certificates(issued.certificatePem()));
        assertEquals(List.of(pki.connectorAuthority()), Pem.certificates(issued.authorityPem()));
        assertEquals(128, certificate.getSerialNumber().bitLength());
    }

    static Stream<Arguments> refused() throws Exception {
        var p256 = Requests.ec("secp256r1");
        byte[] good = Requests.signed(p256, "SHA256withECDSA");
        byte[] tampered = good.clone();
        tampered[tampered.length - 10] ^= 1;
        byte[] otherKey = good.clone();
        otherKey[110] ^= 1;
        return Stream.of(
                Arguments.of("nothing", new byte[0]),
                Arguments.of(
                        "text",
                        "-----BEGIN CERTIFICATE REQUEST-----".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                Arguments.of("cut short", Arrays.copyOf(good, good.length / 2)),
                Arguments.of("too long", Arrays.copyOf(good, 20_000)),
                Arguments.of("tampered signature", tampered),
                Arguments.of("tampered key or subject", otherKey),
                Arguments.of("another's key", Requests.signed(p256, Requests.ec("secp256r1"), "SHA256withECDSA")),
                Arguments.of("RSA 1024", Requests.signed(Requests.rsa(1024), "SHA256withRSA")),
                Arguments.of("P-384", Requests.signed(Requests.ec("secp384r1"), "SHA384withECDSA")),
                Arguments.of("SHA-1", Requests.signed(p256, "SHA1withECDSA")),
                Arguments.of(
                        "Ed25519",
                        Requests.signed(
                                java.security.KeyPairGenerator.getInstance("Ed25519")
                                        .generateKeyPair(),
                                "Ed25519")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refuses(String what, byte[] request) {
        var refused = assertThrows(CsrRefused.class, () -> pki.issueConnector(TENANT, CONNECTOR, request), what);

        assertFalse(String.valueOf(refused.getMessage()).isEmpty());
    }

    /// Seeded, so that a finding can be repeated: flips, cuts and repeats bytes of a good request.
    @Test
    void garbageIsRefusedAndNothingElseHappens() throws Exception {
        var random = new Random(20261121);
        byte[] good = Requests.signed(Requests.ec("secp256r1"), "SHA256withECDSA");
        int issued = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] garbage = Arrays.copyOf(good, random.nextInt(20) == 0 ? random.nextInt(good.length) : good.length);
            for (int flips = 1 + random.nextInt(4); flips > 0 && garbage.length > 0; flips--) {
                garbage[random.nextInt(garbage.length)] = (byte) random.nextInt(256);
            }
            try {
                pki.issueConnector(TENANT, CONNECTOR, garbage);
                issued++; // a flip that changed nothing, or only the encoding around what is signed
            } catch (CsrRefused expected) {
                assertTrue(expected.getMessage() != null);
            }
        }
        assertTrue(issued < 60, issued + " damaged requests were granted");
    }
}
