package io.postern.connector.directory;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.SSLSocketVerifier;
import javax.net.ssl.SSLSocket;

/// The certificate names the server that was asked for; the library looks at no names unless told. Where the
/// handshake was not ended in time, that is told, and not that nobody was proved.
final class ProvenServer extends SSLSocketVerifier {
    /// The library hands on the text alone.
    static final String SILENT = "silent in the TLS handshake";

    private final HostNameSSLSocketVerifier names = new HostNameSSLSocketVerifier(true);

    @Override
    public void verifySSLSocket(String host, int port, SSLSocket socket) throws LDAPException {
        if (!socket.getSession().isValid()) { // whatever else fails in the handshake, the library tells by itself
            throw new LDAPException(ResultCode.TIMEOUT, SILENT);
        }
        names.verifySSLSocket(host, port, socket);
    }
}
