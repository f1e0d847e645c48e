package io.postern.gateway;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// A client that sends exactly the bytes it is told to, by TLS where nothing else is said.
public final class RawClient implements AutoCloseable {
    /// @param headers names in lower case
    public record Response(int status, Map<String, String> headers, String body) {}

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /// Without TLS.
    public static RawClient plain(InetSocketAddress address) {
        try {
            var socket = new Socket();
            socket.connect(address);
            socket.setSoTimeout(10_000);
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RawClient http1(InetSocketAddress address, String host, X509Certificate authority) {
        return open(address, host, authority, List.of("http/1.1"), new byte[0]);
    }

    /// @param host for SNI; empty for none
    /// @param before bytes to send before TLS begins
    public static RawClient open(
            InetSocketAddress address, String host, X509Certificate authority, List<String> protocols, byte[] before) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null);
            trusted.setCertificateEntry("authority", authority);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            var plain = new Socket();
            plain.setReceiveBufferSize(64 * 1024);
            plain.connect(address);
            plain.setSoTimeout(10_000);
            plain.getOutputStream().write(before);
            var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, address.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(host.isEmpty() ? List.of() : List.of(new SNIHostName(host)));
            parameters.setApplicationProtocols(protocols.toArray(String[]::new));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// What ALPN chose; empty for nothing.
    public String protocol() {
        return ((SSLSocket) socket).getApplicationProtocol();
    }

    public X509Certificate presented() {
        try {
            return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A head made of these lines and the empty one.
    public static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /// One answer, its body by its framing.
    public Response response() {
        return response(false);
    }

    /// @param bodyless the answer to a HEAD request
    public Response response(boolean bodyless) {
        try {
            String[] line = line().split(" ", 3);
            int status = Integer.parseInt(line[1]);
            Map<String, String> headers = fields();
            String body = "";
            if (status >= 200 && status != 204 && status != 304 && !bodyless) {
                body = body(headers);
            }
            return new Response(status, headers, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> fields() {
        var headers = new TreeMap<String, String>();
        for (String field = line(); !field.isEmpty(); field = line()) {
            int colon = field.indexOf(':');
            headers.merge(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip(),
                    (a, b) -> a + "\n" + b);
        }
        return headers;
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.containsKey("content-length")) {
            return text(Integer.parseInt(headers.get("content-length")));
        }
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        var body = new StringBuilder();
        for (int size; (size = Integer.parseInt(line(), 16)) > 0; ) {
            body.append(text(size));
            line();
        }
        headers.putAll(fields());
        return body.toString();
    }

    /// Exactly so many bytes.
    public String text(int length) {
        try {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException(bytes.length + " of " + length + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] bytes(int length) {
        return text(length).getBytes(StandardCharsets.ISO_8859_1);
    }

    public String line() {
        try {
            var line = new ByteArrayOutputStream();
            for (int b; (b = in.read()) != '\n'; ) {
                if (b < 0) {
                    throw new EOFException("connection ended");
                }
                if (b != '\r') {
                    line.write(b);
                }
            }
            return line.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The rest of a head, up to and with the empty line.
    public void skipHead() {
        String line = line();
        while (!line.isEmpty()) {
            line = line();
        }
    }

    /// Whatever comes until the connection ends, in any way.
    public String untilEnd() {
        var all = new ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (IOException e) {
            all.writeBytes(("<" + e.getClass().getSimpleName() + ">").getBytes(StandardCharsets.ISO_8859_1));
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
