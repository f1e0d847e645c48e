package io.postern.run.connector.update;

import io.postern.base.HostPort;
import io.postern.connector.enroll.Identity;
import io.postern.net.PinnedAuthority;
import io.postern.tunnel.TunnelProtocol;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// One POST to the service over TLS 1.3, proved by the connector's certificate; HTTP/1.1, one request a connection.
/// Blocks.
final class MutualCall {
    private static final int CONNECT_MILLIS = 10_000;

    /// A proof may wait for slow backends.
    private static final int ANSWER_MILLIS = 90_000;

    private static final int LINE_BYTES_MAX = 8 * 1024;
    private static final int FIELDS_MAX = 100;
    private static final int BODY_BYTES_MAX = 1024 * 1024;

    /// @param body JSON
    record Answer(int status, String body) {}

    private MutualCall() {}

    /// @throws UpdateService.Unavailable when there is no answer
    static Answer post(HostPort service, Identity identity, String path, byte[] body) {
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(service.host(), service.port()), CONNECT_MILLIS);
            plain.setSoTimeout(ANSWER_MILLIS);
            try (var tls = (SSLSocket)
                    context(identity).getSocketFactory().createSocket(plain, service.host(), service.port(), true)) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setProtocols(new String[] {"TLSv1.3"});
                parameters.setApplicationProtocols(new String[] {TunnelProtocol.ENROLL_ALPN});
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                tls.setSSLParameters(parameters);
                tls.startHandshake();
                if (!TunnelProtocol.ENROLL_ALPN.equals(tls.getApplicationProtocol())) {
                    throw new IOException("it does not speak " + TunnelProtocol.ENROLL_ALPN);
                }
                String head = "POST " + path + " HTTP/1.1\r\nHost: "
                        + (service.port() == 443 ? service.host() : service.toString())
                        + "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: "
                        + body.length + "\r\nConnection: close\r\n\r\n";
                tls.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                tls.getOutputStream().write(body);
                tls.getOutputStream().flush();
                return read(new BufferedInputStream(tls.getInputStream()));
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new UpdateService.Unavailable(
                    "the service at " + service + " cannot be asked (" + e.getMessage() + ")", e);
        }
    }

    private static SSLContext context(Identity identity) throws GeneralSecurityException, IOException {
        char[] password = "in memory only".toCharArray();
        KeyStore keys = KeyStore.getInstance("JKS");
        keys.load(null, password);
        keys.setKeyEntry(
                "key", identity.key(), password, identity.certificates().toArray(X509Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), new TrustManager[] {PinnedAuthority.of(identity.authority())}, null);
        return context;
    }

    private static Answer read(InputStream in) throws IOException {
        String[] status = line(in).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("[2-5]\\d\\d")) {
            throw new IOException("its answer is no HTTP");
        }
        int length = BODY_BYTES_MAX;
        for (int fields = 0; ; fields++) {
            String field = line(in).toLowerCase(Locale.ROOT);
            if (field.isEmpty()) {
                break;
            }
            if (fields == FIELDS_MAX || field.startsWith("transfer-encoding:")) {
                throw new IOException("its answer is not of the form expected");
            }
            if (field.startsWith("content-length:")) {
                length = Integer.parseInt(field.substring(15).strip());
            }
        }
        if (length > BODY_BYTES_MAX) {
            throw new IOException("its answer is too large");
        }
        return new Answer(Integer.parseInt(status[1]), new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() == LINE_BYTES_MAX) {
                throw new EOFException("its answer breaks off");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
