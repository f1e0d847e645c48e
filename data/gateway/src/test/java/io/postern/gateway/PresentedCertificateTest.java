package io.postern.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.OrderProofs;
import io.postern.fixtures.TestCertificates.Issued;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which certificate a client is shown (DOM-6), and what an ACME server sees by tls-alpn-01 (RFC 8737).
class PresentedCertificateTest {
    private static final String PROOF = "acme-tls/1";

    private final House house = House.open(ScriptedBackend::echo);

    @AfterEach
    void close() {
        house.close();
    }

    private EdgeCertificate issued(String... hosts) {
        Issued issued = house.edgeAuthority.server(hosts);
        return new EdgeCertificate(List.of(hosts), issued.chain(), issued.key());
    }

    private X509Certificate shown(String host) {
        try (RawClient client = house.client(host)) {
            return client.presented();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "wiki.contoso.test, 2", // exact before wildcard, wherever it stands in the list
        "blog.contoso.test, 1",
        "a.fabrikam.test, 3",
        "b.tailspin.test, 3",
        "a.b.contoso.test, 0", // a wildcard stands for one label
        "contoso.test, 0",
        "xcontoso.test, 0",
        "wiki.evil.test, 0",
    })
    void choosesTheExactNameBeforeTheWildcardAndElseTheDefault(String host, int expected) {
        List<EdgeCertificate> certificates = List.of(
                issued("*.example.test"),
                issued("*.contoso.test"),
                issued("wiki.contoso.test"),
                issued("a.fabrikam.test", "b.tailspin.test"));

        house.present(certificates, OrderProofs.NONE);

        assertEquals(certificates.get(expected).chain().getFirst(), shown(host));
    }

    @Test
    void showsTheNewestOfSeveralForTheSameName() {
        EdgeCertificate fallback = issued("*.example.test");
        EdgeCertificate young = issued("wiki.contoso.test");

        house.present(List.of(fallback, young, issued("wiki.contoso.test")), OrderProofs.NONE);

        assertEquals(young.chain().getFirst(), shown("wiki.contoso.test"));
    }

    @Test
    void showsItsProofToAnAcmeServerForTheHostOnOrderOnly() {
        EdgeCertificate proof = issued("wiki.contoso.test");
        house.present(List.of(), new OrderProofs(Map.of(), Map.of("wiki.contoso.test", proof)));

        try (RawClient asked = ask("wiki.contoso.test", PROOF);
                RawClient browser = ask("wiki.contoso.test", "http/1.1");
                RawClient other = ask("blog.contoso.test", PROOF)) {
            assertEquals(proof.chain().getFirst(), asked.presented());
            assertEquals(PROOF, asked.protocol());
            assertEquals("", asked.untilEnd(), "the certificate was all");
            assertNotEquals(proof.chain().getFirst(), browser.presented());
            assertNotEquals(proof.chain().getFirst(), other.presented());
            assertNotEquals(PROOF, other.protocol());
        }
    }

    @Test
    void neverAgreesToTheProtocolOfProofsWhileNothingIsOnOrder() {
        house.present(List.of(), new OrderProofs(Map.of(), Map.of("wiki.contoso.test", issued("wiki.contoso.test"))));
        house.present(List.of(), OrderProofs.NONE);

        try (RawClient late = ask("wiki.contoso.test", PROOF)) {
            assertNotEquals(PROOF, late.protocol());
        }
    }

    private RawClient ask(String host, String protocol) {
        return RawClient.open(house.address, host, house.edgeAuthority.authority(), List.of(protocol), new byte[0]);
    }
}
