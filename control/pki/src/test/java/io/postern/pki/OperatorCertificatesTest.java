package io.postern.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Binary;
import io.postern.fixtures.ProcessFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorCertificatesTest {
    private static final Duration LIFE = Duration.ofDays(100);

    @TempDir
    Path folder;

    private Path chain;
    private Path key;
    private Authority authority;

    @BeforeEach
    void makeAuthority() {
        chain = folder.resolve("chain.pem");
        key = folder.resolve("key.pem");
        authority = Authority.forBrowsers("example.com", Node.NOW, Duration.ofDays(1000));
    }

    @Test
    void readsHostsChainAndKey() throws Exception {
        Identity identity = write(issue("apps.example.com"));

        var certificate = open().certificates().getFirst();

        assertEquals(List.of("apps.example.com"), certificate.hosts());
        assertEquals(identity.chain(), certificate.chain());
    }

    @ParameterizedTest
    @CsvSource({
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256, ec",
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048, rsa",
        "genpkey -algorithm Ed25519, pkcs8"
    })
    void readsWhatOpensslWrites(String generate, String form) throws Exception {
        openssl((generate + " -out " + key).split(" "));
        openssl(("req -x509 -key " + key + " -out " + chain
                        + " -days 10 -subj /CN=x -addext subjectAltName=DNS:a.example.com,DNS:*.b.example.com")
                .split(" "));
        if (!form.equals("pkcs8")) {
            openssl((form + " -in " + key + " -out " + key + ".old" + (form.equals("rsa") ? " -traditional" : ""))
                    .split(" "));
            Files.move(Path.of(key + ".old"), key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }

        var certificate = OperatorCertificates.open(
                        List.of(new OperatorCertificates.Files(chain, key)), Node.at(Instant.now()))
                .certificates()
                .getFirst();

        assertEquals(List.of("a.example.com", "*.b.example.com"), certificate.hosts());
    }

    @Test
    void refusesWhatBrowsersWouldRefuse() throws Exception {
        Identity good = issue("a.example.com");
        Identity other = issue("b.example.com");

        assertRefused("chain.pem", "cannot be read");
        write(good);
        Files.writeString(chain, "no PEM");
        assertRefused("chain.pem", "no certificate");
        Files.writeString(chain, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertRefused("chain.pem", "cannot be read");
        write(new Identity(good.chain(), other.key()));
        assertRefused("key.pem", "does not belong");
        write(new Identity(good.chain().reversed(), good.key()));
        assertRefused("chain.pem", "out of order");
        write(authority.issueServer(List.of("a.example.com"), Node.NOW.minus(LIFE), Duration.ofDays(1)));
        assertRefused("chain.pem", "expired");
        write(authority.issueServer(List.of("a.example.com"), Node.NOW.plus(LIFE), LIFE));
        assertRefused("chain.pem", "not valid before");
        write(good);
        Files.writeString(key, Pem.of(good.certificate()));
        assertRefused("key.pem", "no private key");
        write(new Identity(
                List.of(authority.certificate()), authority.identity().key()));
        assertRefused("chain.pem", "names no host");
    }

    @Test
    void anEncryptedKeyIsRefusedWithTheRemedy() throws Exception {
        Identity good = write(issue("a.example.com"));
        Path plain = Files.writeString(folder.resolve("plain.pem"), Pem.of(good.key()));
        openssl("pkey", "-in", plain.toString(), "-out", key.toString(), "-aes256", "-passout", "pass:secret");

        assertRefused("key.pem", "openssl pkey");
    }

    @Test
    void aChangedFileIsReadAgain() throws Exception {
        write(issue("old.example.com"));
        OperatorCertificates certificates = open();

        assertFalse(certificates.reload(), "nothing changed");
        Identity next = write(issue("new.example.com"));
        touch();

        assertTrue(certificates.reload());
        assertEquals(next.chain(), certificates.certificates().getFirst().chain());
        assertFalse(certificates.reload());
    }

    @Test
    void aBadFileLeavesTheCertificateInForce() throws Exception {
        Identity old = write(issue("old.example.com"));
        OperatorCertificates certificates = open();
        Identity next = issue("new.example.com");

        Files.writeString(chain, Pem.of(next.certificate())); // the key is still to come
        touch();
        assertFalse(certificates.reload());
        assertEquals(old.chain(), certificates.certificates().getFirst().chain());
        Files.delete(chain);
        assertFalse(certificates.reload());
        write(next);
        touch();

        assertTrue(certificates.reload());
        assertEquals(next.chain(), certificates.certificates().getFirst().chain());
    }

    private Identity issue(String host) {
        return authority.issueServer(List.of(host), Node.NOW, LIFE);
    }

    private Identity write(Identity identity) throws IOException {
        Files.writeString(
                chain, String.join("", identity.chain().stream().map(Pem::of).toList()));
        Files.writeString(key, Pem.of(identity.key()));
        return identity;
    }

    /// File systems with coarse times must not hide a change from the test.
    private void touch() throws IOException {
        Files.setLastModifiedTime(key, FileTime.from(System.nanoTime(), TimeUnit.NANOSECONDS));
    }

    private OperatorCertificates open() {
        return OperatorCertificates.open(List.of(new OperatorCertificates.Files(chain, key)), Node.at(Node.NOW));
    }

    private void assertRefused(String file, String why) {
        String message = String.valueOf(assertThrows(PkiFault.class, this::open).getMessage());
        assertTrue(message.contains(file) && message.contains(why), message);
    }

    private static void openssl(String... arguments) {
        var command = new java.util.ArrayList<String>();
        command.add(Binary.find("openssl", "openssl").toString());
        command.addAll(List.of(arguments));
        ProcessFixture.run("openssl", command, Duration.ofSeconds(30));
    }
}
