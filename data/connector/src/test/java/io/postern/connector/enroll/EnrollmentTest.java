package io.postern.connector.enroll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.EnrollmentToken;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.fixtures.TestCertificates;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.dial.Dialler;
import io.postern.net.dial.ProxyChoice;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Enrolment against a small server of the test, and the files that keep its result (tunnel.md §6).
class EnrollmentTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("connectors");
    private static final Enrollment.Self SELF = new Enrollment.Self("machine", "0", "os");

    private static Loops loops;

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void openLoops() {
        loops = Loops.open("enrol", 1);
    }

    @AfterAll
    static void closeLoops() {
        loops.close(Duration.ofSeconds(1)).syncUninterruptibly();
    }

    @Test
    void requestIsReadByAnIndependentLibrary() throws Exception {
        CertificateRequest request = CertificateRequest.create();
        var read = new PKCS10CertificationRequest(Base64.getDecoder().decode(request.pkcs10()));
        assertTrue(
                read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(read.getSubjectPublicKeyInfo())));
        assertEquals(new X500Name("CN=Postern connector"), read.getSubject());
    }

    @Test
    void tokenBecomesAnIdentityThatSurvivesARestart() throws Exception {
        try (var server = new EnrollmentServer(AUTHORITY, AUTHORITY.server("connect.localhost"), 200)) {
            Identity identity = enroll(server, token());
            try (var data = DataFolder.open(folder.resolve("data"))) {
                assertTrue(data.identity().isEmpty());
                data.keep(identity);
            }
            try (var data = DataFolder.open(folder.resolve("data"))) {
                Identity again = data.identity().orElseThrow();
                assertEquals(identity.certificates(), again.certificates());
                assertEquals(identity.key(), again.key());
                assertEquals(identity.authority(), again.authority());
                assertEquals("c-1", again.connectorId());
            }
            Path key = folder.resolve("data/identity/key.pem");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            assertTrue(server.lastBody().contains("\"machineName\":\"machine\""));
        }
    }

    @Test
    void refusedTokenIsNamed() throws Exception {
        try (var server = new EnrollmentServer(AUTHORITY, AUTHORITY.server("connect.localhost"), 401)) {
            var fault = assertThrows(ConnectorFault.class, () -> enroll(server, token()));
            assertEquals(Kind.REFUSED, fault.kind());
            assertTrue(message(fault).contains("unknown, used or expired"), message(fault));
        }
    }

    @Test
    void asksAgainWhenTheServiceIsOverloaded() throws Exception {
        try (var server = new EnrollmentServer(AUTHORITY, AUTHORITY.server("connect.localhost"), 200)) {
            server.answerOnce(503);
            assertEquals("c-1", enroll(server, token()).connectorId());
        }
    }

    @Test
    void anotherAuthorityNeverSeesTheToken() throws Exception {
        TestCertificates other = TestCertificates.authority("connectors");
        try (var server = new EnrollmentServer(other, other.server("connect.localhost"), 200)) {
            var fault = assertThrows(ConnectorFault.class, () -> enroll(server, token()));
            assertEquals(Kind.SERVICE, fault.kind());
            assertTrue(message(fault).contains("not the service that made the token"), message(fault));
            assertEquals("", server.lastBody());
        }
    }

    @Test
    void certificateForAnotherHostIsRefused() throws Exception {
        try (var server = new EnrollmentServer(AUTHORITY, AUTHORITY.server("other.localhost"), 200)) {
            var fault = assertThrows(ConnectorFault.class, () -> enroll(server, token()));
            assertEquals(Kind.SERVICE, fault.kind());
            assertEquals("", server.lastBody());
        }
    }

    @Test
    void nothingListening() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var fault = assertThrows(ConnectorFault.class, () -> enroll(new HostPort("connect.localhost", port), token()));
        assertTrue(message(fault).contains("nothing listens at connect.localhost:" + port), message(fault));
    }

    @Test
    void nameThatDoesNotResolve() {
        var fault =
                assertThrows(ConnectorFault.class, () -> enroll(new HostPort("no-such-host.invalid", 443), token()));
        assertTrue(message(fault).contains("'no-such-host.invalid' does not resolve"), message(fault));
    }

    @Test
    void halfWrittenIdentityIsNone() throws Exception {
        Path data = folder.resolve("data");
        try (var open = DataFolder.open(data)) {
            // what a kill -9 in the middle of keep() leaves behind
            Path draft = Files.createDirectory(data.resolve("identity.new-1"));
            Files.writeString(draft.resolve("key.pem"), "half");
            assertTrue(open.identity().isEmpty());
            open.keep(identity());
            assertTrue(open.identity().isPresent());
            assertFalse(Files.exists(draft));
        }
    }

    @Test
    void keyThatOthersMayReadIsRefused() throws Exception {
        Path data = folder.resolve("data");
        try (var open = DataFolder.open(data)) {
            open.keep(identity());
            Files.setPosixFilePermissions(
                    data.resolve("identity/key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
            var fault = assertThrows(ConnectorFault.class, open::identity);
            assertEquals(Kind.DATA, fault.kind());
            assertTrue(message(fault).contains("chmod 600"), message(fault));
        }
    }

    @Test
    void oneFolderServesOneConnector() {
        Path data = folder.resolve("data");
        try (var first = DataFolder.open(data)) {
            assertTrue(first.identity().isEmpty());
            var fault = assertThrows(ConnectorFault.class, () -> DataFolder.open(data));
            assertTrue(message(fault).contains("in use by another connector"), message(fault));
        }
    }

    @Test
    void damagedIdentityNamesTheRemedy() throws Exception {
        Path data = folder.resolve("data");
        try (var open = DataFolder.open(data)) {
            open.keep(identity());
            Files.writeString(data.resolve("identity/certificate.pem"), "");
            var fault = assertThrows(ConnectorFault.class, open::identity);
            assertTrue(message(fault).contains("enrol again with a new token"), message(fault));
        }
    }

    private static Identity identity() {
        TestCertificates.Issued issued = AUTHORITY.client("c");
        return new Identity("c-1", "contoso", "Default", issued.key(), List.of(issued.leaf()), AUTHORITY.authority());
    }

    private static EnrollmentToken token() throws Exception {
        return EnrollmentToken.create(AUTHORITY.authority().getEncoded());
    }

    private static Identity enroll(EnrollmentServer server, EnrollmentToken token) {
        return enroll(new HostPort("connect.localhost", server.port()), token);
    }

    private static Identity enroll(HostPort service, EnrollmentToken token) {
        return new Enrollment(new Dialler(loops, new LocalNames(), ProxyChoice.none()), service, SELF).enroll(token);
    }

    private static String message(Throwable fault) {
        return String.valueOf(fault.getMessage());
    }
}
