package io.postern.connector.enroll;

import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import tools.jackson.databind.json.JsonMapper;

/// The service's enrolment door, as small as it can be: certifies what it is asked for, or refuses.
final class EnrollmentServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final TestCertificates authority;
    private final int usual;
    private volatile int statusOnce;
    private final SSLServerSocket server;
    private volatile String lastBody = "";

    EnrollmentServer(TestCertificates authority, TestCertificates.Issued certificate, int status)
            throws IOException, GeneralSecurityException {
        this.authority = authority;
        this.usual = status;
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "server", certificate.key(), new char[0], certificate.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(keys, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), null, null);
        server = (SSLServerSocket)
                tls.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        SSLParameters parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"postern-enroll/1"});
        server.setSSLParameters(parameters);
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return server.getLocalPort();
    }

    /// The next answer alone has this status.
    void answerOnce(int other) {
        statusOnce = other;
    }

    String lastBody() {
        return lastBody;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                answer(socket);
            } catch (IOException e) {
                lastBody = ""; // a handshake that the client broke off
            }
        }
    }

    private void answer(SSLSocket socket) throws IOException {
        InputStream in = socket.getInputStream();
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return;
            }
            head.append((char) b);
        }
        int at = head.indexOf("content-length: ") + 16;
        lastBody = new String(
                in.readNBytes(Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)))), StandardCharsets.UTF_8);
        int status = statusOnce == 0 ? usual : statusOnce;
        statusOnce = 0;
        byte[] body = (status == 200 ? enrolled() : "{\"error\":{\"code\":\"x\",\"message\":\"said the service\"}}")
                .getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(("HTTP/1.1 " + status + " Answer\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
    }

    private String enrolled() throws IOException {
        byte[] csr =
                Base64.getDecoder().decode(JSON.readTree(lastBody).path("csr").asString());
        try {
            X509Certificate leaf = authority.certify(new JcaPKCS10CertificationRequest(csr).getPublicKey());
            return JSON.writeValueAsString(Map.of(
                    "connectorId", "c-1",
                    "tenant", "contoso",
                    "group", "Default",
                    "certificate", Pem.encode(List.of(leaf)),
                    "authority", Pem.encode(List.of(authority.authority()))));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
