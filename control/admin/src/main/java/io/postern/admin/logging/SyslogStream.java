package io.postern.admin.logging;

import io.postern.store.LogEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// RFC 6587 §3.4.1 over TCP, RFC 5425 over TLS: the length in octets goes before each message. Neither tells whether a
/// message was taken, so before each batch it is seen whether the receiver has closed, and the connection is made anew.
final class SyslogStream implements Sender {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int LOOK_MILLIS = 1;

    private final Receiver.Syslog to;
    private final SyslogLine form;
    private @Nullable Socket socket;

    SyslogStream(Receiver.Syslog to, SyslogLine form) {
        this.to = to;
        this.form = form;
    }

    @Override
    public void send(List<LogEntry> entries) throws IOException {
        try {
            OutputStream out = new BufferedOutputStream(connected().getOutputStream(), 64 << 10);
            for (LogEntry entry : entries) {
                byte[] bytes = form.bytes(entry);
                out.write((bytes.length + " ").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes);
            }
            out.flush();
            if (isClosed(connected())) {
                throw new IOException("the receiver closed the connection");
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Socket connected() throws IOException {
        Socket open = socket;
        if (open != null && !isClosed(open)) {
            return open;
        }
        close();
        open = new Socket();
        try {
            open.connect(new InetSocketAddress(to.address().host(), to.address().port()), CONNECT_MILLIS);
            if (to.transport() == Receiver.Transport.TLS) {
                open = secured(open);
            }
        } catch (IOException e) {
            open.close();
            throw e;
        }
        socket = open;
        return open;
    }

    private Socket secured(Socket plain) throws IOException {
        String host = to.address().host();
        plain.setSoTimeout(CONNECT_MILLIS);
        var tls = (SSLSocket) Trusted.context(to.authority())
                .getSocketFactory()
                .createSocket(plain, host, to.address().port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name must be that of the certificate
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /// A receiver has nothing to say: whatever can be read is the end.
    private static boolean isClosed(Socket open) throws IOException {
        open.setSoTimeout(LOOK_MILLIS);
        try {
            return open.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
