package io.postern.connector.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/// Sockets on which no single wait lasts longer than a limit: the LDAP library bounds what it does itself, but not the
/// TLS handshake, in which a server may fall silent too.
final class BoundedSockets extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final int millis;

    BoundedSockets(SSLSocketFactory tls, int millis) {
        this.tls = tls;
        this.millis = millis;
    }

    private Socket bounded(Socket socket) throws IOException {
        socket.setSoTimeout(millis);
        return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
        return bounded(tls.createSocket());
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
        below.setSoTimeout(millis);
        return bounded(tls.createSocket(below, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return bounded(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        return bounded(tls.createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return bounded(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        return bounded(tls.createSocket(host, port, from, fromPort));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }
}
