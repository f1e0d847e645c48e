package io.postern.admin.outside;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Fetches a document from an address that somebody typed, without becoming his tool against our own network: https
/// only, no redirects, no internal addresses unless the operator allows them, and limits of size and time. The address
/// is resolved once, judged, and then used, so that a name cannot change its meaning in between. HTTP/1.0, which has
/// no chunks, no compression and no connection to keep. Thread-safe; blocking.
public final class DocumentFetcher {
    /// Bytes of head and body at most.
    public static final int BYTES_MAX = 1024 * 1024;

    private static final Duration TIME_MAX = Duration.ofSeconds(10);
    private static final int HTTPS = 443;

    private final SSLSocketFactory tls;
    private final boolean allowInternal;

    /// @param allowInternal addresses of private networks and of this machine count as any other
    public DocumentFetcher(SSLSocketFactory tls, boolean allowInternal) {
        this.tls = tls;
        this.allowInternal = allowInternal;
    }

    /// @throws FetchFault when it may not be fetched, cannot be, or is no answer 200
    public byte[] fetch(String url) throws FetchFault {
        URI uri = checked(url);
        int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
        InetAddress address = resolve(uri.getHost());
        long deadline = System.nanoTime() + TIME_MAX.toNanos();
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address, port), left(deadline));
            plain.setSoTimeout(left(deadline));
            try (SSLSocket socket = (SSLSocket) tls.createSocket(plain, uri.getHost(), port, true)) {
                secure(socket, uri.getHost());
                socket.startHandshake();
                socket.getOutputStream().write(request(uri, port).getBytes(StandardCharsets.US_ASCII));
                return body(url, read(url, socket, deadline));
            }
        } catch (SSLException e) {
            throw new FetchFault("'" + url + "' has no certificate that this service trusts (" + e.getMessage()
                    + "); download the document and upload the file");
        } catch (SocketTimeoutException e) {
            throw tooSlow(url);
        } catch (IOException e) {
            throw new FetchFault("'" + url + "' cannot be fetched (" + e.getMessage()
                    + "); check the address, or download the document and upload the file");
        }
    }

    private static URI checked(String url) throws FetchFault {
        try {
            var uri = new URI(url);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new FetchFault("'" + url + "' is no URL: " + e.getReason());
        }
        throw new FetchFault("'" + url + "' is not fetched; only https://host/path is, without user and fragment");
    }

    private InetAddress resolve(String host) throws FetchFault {
        InetAddress[] all;
        try {
            all = InetAddress.getAllByName(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        } catch (UnknownHostException e) {
            throw new FetchFault("the name '" + host + "' is unknown to this machine's name service");
        }
        for (InetAddress address : all) {
            // one internal address among others is as good as all of them for whoever makes the name
            if (!allowInternal && InternalNetworks.contains(address)) {
                throw new FetchFault("'" + host + "' leads to the internal address " + address.getHostAddress()
                        + ", from which nothing is fetched; upload the file, or set fetch-internal: true in the"
                        + " configuration");
            }
        }
        return all[0];
    }

    private static void secure(SSLSocket socket, String host) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!host.startsWith("[") && !host.matches("[0-9.]+")) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        socket.setSSLParameters(parameters);
    }

    private static String request(URI uri, int port) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return "GET " + path + query + " HTTP/1.0\r\nHost: " + uri.getHost() + (port == HTTPS ? "" : ":" + port)
                + "\r\nAccept: application/samlmetadata+xml, application/xml, text/xml, */*\r\n"
                + "User-Agent: Postern\r\n\r\n";
    }

    private static byte[] read(String url, SSLSocket socket, long deadline) throws IOException, FetchFault {
        InputStream in = socket.getInputStream();
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (true) {
            if (System.nanoTime() >= deadline) {
                throw tooSlow(url);
            }
            socket.setSoTimeout(left(deadline));
            int read = in.read(buffer);
            if (read < 0) {
                return out.toByteArray();
            }
            out.write(buffer, 0, read);
            if (out.size() > BYTES_MAX) {
                throw new FetchFault("'" + url + "' answers with more than " + BYTES_MAX + " bytes, which is too much");
            }
        }
    }

    private static byte[] body(String url, byte[] answer) throws FetchFault {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        String status = text.lines().findFirst().orElse("");
        if (end < 0 || !status.matches("HTTP/1\\.[01] 200( .*)?")) {
            throw new FetchFault("'" + url + "' answers '" + printable(status)
                    + "' where 200 is needed; redirects are not followed, so give the last address");
        }
        return Arrays.copyOfRange(answer, end + 4, answer.length);
    }

    private static String printable(String status) {
        String plain = status.replaceAll("[^ -~]", "?");
        return plain.length() > 80 ? plain.substring(0, 80) : plain;
    }

    private static FetchFault tooSlow(String url) {
        return new FetchFault("'" + url + "' did not answer whole within " + TIME_MAX.toSeconds()
                + " s; try again, or download the document and upload the file");
    }

    private static int left(long deadline) {
        return (int) Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis());
    }
}
