package io.postern.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Secret;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.fixtures.Binary;
import io.postern.fixtures.ProcessFixture;
import io.postern.fixtures.TestCertificates;
import io.postern.fixtures.TestCertificates.Issued;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.pkcs.MacData;
import org.bouncycastle.asn1.pkcs.Pfx;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// DOM-5: which certificates are taken, and what is said of the others.
class ServerCertificatesTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("Contoso CA");
    private static final String HOST = "wiki.contoso.example";
    private static final Secret PASSWORD = Secret.of("Pass1234");

    @TempDir
    Path folder;

    private static byte[] pfx(PrivateKey key, List<X509Certificate> chain) throws Exception {
        KeyStore store = empty();
        add(store, "own", key, chain);
        return bytes(store);
    }

    private static KeyStore empty() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void add(KeyStore store, String alias, PrivateKey key, List<X509Certificate> chain)
            throws Exception {
        store.setKeyEntry(alias, key, PASSWORD.reveal().toCharArray(), chain.toArray(X509Certificate[]::new));
    }

    private static byte[] bytes(KeyStore store) throws Exception {
        var out = new ByteArrayOutputStream();
        store.store(out, PASSWORD.reveal().toCharArray());
        return out.toByteArray();
    }

    private static EdgeCertificate read(byte[] pfx) throws CertificateRefused {
        return ServerCertificates.pfx(pfx, PASSWORD, Instant.now());
    }

    private static EdgeCertificate read(Issued issued) throws Exception {
        return read(pfx(issued.key(), issued.chain()));
    }

    private static void refused(String part, Executable reading) {
        String said =
                String.valueOf(assertThrows(CertificateRefused.class, reading).getMessage());
        assertTrue(said.contains(part), said);
    }

    private void openssl(String... arguments) {
        var command = new ArrayList<>(List.of(Binary.find("openssl", "openssl").toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessFixture.run("openssl", command, Duration.ofSeconds(60));
    }

    // ---- taken

    @Test
    void takesStandardWildcardAndSeveralNames() throws Exception {
        assertEquals(List.of(HOST), read(AUTHORITY.server(HOST)).hosts());
        assertEquals(
                List.of("*.contoso.example"),
                read(AUTHORITY.server("*.contoso.example")).hosts());
        assertEquals(
                List.of("a.contoso.example", "b.fabrikam.example"),
                read(AUTHORITY.server("a.contoso.example", "B.fabrikam.example"))
                        .hosts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-legacy", "-certpbe NONE", "-iter 100000"})
    void takesWhatOpensslExports(String options) throws Exception {
        Issued issued = AUTHORITY.server(HOST);
        Path pem = Files.writeString(
                folder.resolve("all.pem"),
                Pem.of(issued.key()) + Pem.of(issued.leaf()) + Pem.of(AUTHORITY.authority()));
        Path out = folder.resolve("out.pfx");
        var command = new ArrayList<>(List.of("pkcs12", "-export", "-in", pem.toString(), "-out", out.toString()));
        command.addAll(List.of("-passout", "pass:" + PASSWORD.reveal()));
        command.addAll(
                Arrays.stream(options.split(" ")).filter(o -> !o.isEmpty()).toList());
        openssl(command.toArray(String[]::new));

        EdgeCertificate taken = read(Files.readAllBytes(out));

        assertEquals(issued.chain(), taken.chain(), "intermediates included");
        assertEquals(issued.key(), taken.key());
    }

    @Test
    void takesPemInTheOrderOfTheChain() throws Exception {
        Issued issued = AUTHORITY.server(HOST);

        EdgeCertificate taken = ServerCertificates.pem(
                Pem.of(issued.leaf()) + Pem.of(AUTHORITY.authority()), Pem.of(issued.key()), Instant.now());

        assertEquals(issued.chain(), taken.chain());
    }

    // ---- refused

    @Test
    void refusesExpired() throws Exception {
        Instant now = Instant.now();
        Issued old = AUTHORITY.server(now.minus(Duration.ofDays(9)), now.minusSeconds(60), HOST);

        refused("expired on", () -> read(old));
    }

    @Test
    void refusesNotYetValid() {
        Instant now = Instant.now();
        Issued early = AUTHORITY.server(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9)), HOST);

        refused("is not valid before", () -> read(early));
    }

    @Test
    void refusesSelfSigned() {
        refused("is self-signed", () -> read(TestCertificates.selfSigned(HOST)));
    }

    @Test
    void refusesWithoutPrivateKey() throws Exception {
        Issued issued = AUTHORITY.server(HOST);
        KeyStore bare = empty();
        bare.setCertificateEntry("only", issued.leaf());

        refused("no private key", () -> read(bytes(bare)));
        refused("no private key", () -> ServerCertificates.pem(Pem.of(issued.leaf()), "", Instant.now()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", ""})
    void refusesTheWrongPassword(String password) throws Exception {
        Issued issued = AUTHORITY.server(HOST);
        byte[] pfx = pfx(issued.key(), issued.chain());

        refused(
                "invalid certificate, possible wrong password",
                () -> ServerCertificates.pfx(pfx, Secret.of(password), Instant.now()));
    }

    @Test
    void refusesTheKeyOfAnother() throws Exception {
        Issued issued = AUTHORITY.server(HOST);
        PrivateKey other = AUTHORITY.server(HOST).key();

        refused("does not fit", () -> read(pfx(other, issued.chain())));
    }

    @Test
    void refusesWithoutHost() {
        refused("names no host", () -> read(AUTHORITY.client("nobody")));
    }

    @Test
    void refusesAChainThatIsOutOfOrder() {
        Issued issued = AUTHORITY.server(HOST);
        X509Certificate stranger = TestCertificates.authority("Fabrikam CA").authority();

        refused(
                "out of order",
                () -> ServerCertificates.pem(
                        Pem.of(issued.leaf()) + Pem.of(stranger), Pem.of(issued.key()), Instant.now()));
    }

    @ParameterizedTest
    @CsvSource({"RSA, 1024", "RSA, 512", "Ed25519, 255"})
    void refusesKeysThatBrowsersRefuse(String algorithm, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(bits);
        Issued weak = AUTHORITY.server(generator.generateKeyPair(), HOST);

        refused("key that browsers refuse", () -> read(weak));
    }

    @Test
    void saysThatAPemKeyIsEncrypted() throws Exception {
        Issued issued = AUTHORITY.server(HOST);
        Path plain = Files.writeString(folder.resolve("plain.pem"), Pem.of(issued.key()));
        Path sealed = folder.resolve("sealed.pem");
        openssl("pkey", "-in", plain.toString(), "-out", sealed.toString(), "-aes256", "-passout", "pass:secret");

        refused(
                "openssl pkey",
                () -> ServerCertificates.pem(Pem.of(issued.leaf()), Files.readString(sealed), Instant.now()));
    }

    // ---- hostile

    @Test
    void refusesWhatIsNoPfx() {
        refused("no PFX", () -> read("no pfx".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        refused("no PFX", () -> read(new byte[0]));
    }

    @Test
    void refusesMoreThanAChainIsLong() {
        refused("bytes is none", () -> read(new byte[ServerCertificates.BYTES_MAX + 1]));
    }

    /// The count of iterations is the sender's: a thousand million take minutes, and we look before we compute.
    @Test
    void refusesAPfxThatWouldTakeMinutesToOpen() throws Exception {
        Issued issued = AUTHORITY.server(HOST);
        Pfx good = Pfx.getInstance(pfx(issued.key(), issued.chain()));
        MacData mac = good.getMacData();
        byte[] bomb =
                new Pfx(good.getAuthSafe(), new MacData(mac.getMac(), mac.getSalt(), 1_000_000_000)).getEncoded("DER");

        refused("iterations", () -> read(bomb));
    }

    @Test
    void refusesAPfxWithManyKeys() throws Exception {
        Issued issued = AUTHORITY.server(HOST);
        KeyStore store = empty();
        for (int i = 0; i < 3; i++) {
            add(store, "own" + i, issued.key(), issued.chain());
        }

        refused("3 private keys", () -> read(bytes(store)));
    }

    /// Each level of DER may call the parser again.
    @Test
    void refusesAPfxThatIsNestedDeeply() {
        byte[] nested = new byte[200_000];
        for (int i = 0; i < nested.length; i++) {
            nested[i] = (byte) (i % 2 == 0 ? 0x30 : 0x80);
        }

        refused("no PFX", () -> read(nested));
        String half = Base64.getMimeEncoder().encodeToString(Arrays.copyOf(nested, 80_000));
        String pem = "-----BEGIN CERTIFICATE-----\n" + half + "\n-----END CERTIFICATE-----\n";
        String key = "-----BEGIN PRIVATE KEY-----\n" + half + "\n-----END PRIVATE KEY-----\n";
        refused("cannot be read", () -> ServerCertificates.pem(pem, key, Instant.now()));
        refused(
                "cannot be read",
                () -> ServerCertificates.pem(Pem.of(AUTHORITY.server(HOST).leaf()), key, Instant.now()));
    }

    @Test
    void refusesMoreNamesThanAnybodyNeeds() {
        String[] names = IntStream.range(0, 501)
                .mapToObj(i -> "h" + i + ".contoso.example")
                .toArray(String[]::new);

        refused("names 501 hosts", () -> read(AUTHORITY.server(names)));
    }

    @Test
    void refusesAChainWithoutEnd() throws Exception {
        Issued issued = AUTHORITY.server(HOST);
        String chain = IntStream.range(0, 20)
                .mapToObj(i -> Pem.of(AUTHORITY.authority()))
                .collect(Collectors.joining());

        refused(
                "21 certificates",
                () -> ServerCertificates.pem(Pem.of(issued.leaf()) + chain, Pem.of(issued.key()), Instant.now()));
    }

    @Test
    void neverSaysTheKeyOrThePassword() throws Exception {
        EdgeCertificate taken = read(AUTHORITY.server(HOST));
        String key = Base64.getEncoder().encodeToString(taken.key().getEncoded());

        assertFalse(taken.toString().contains(key.substring(40, 80)), "in a log line");
        assertFalse(PASSWORD.toString().contains("Pass1234"));
    }
}
