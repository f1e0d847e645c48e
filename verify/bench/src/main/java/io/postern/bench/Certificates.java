package io.postern.bench;

import io.postern.fixtures.TempFolder;
import io.postern.fixtures.TestCertificates;
import io.postern.fixtures.TestCertificates.Issued;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/// What the peers show each other: one authority, a server's certificate for `localhost`, a client's for the hop
/// inside; P-256 like Postern's own. Written as `ca.pem`, `server.pem`, `server.key`, `client.pem`, `client.key`, and
/// `server-both.pem`, `client-both.pem` for those that want chain and key in one file.
final class Certificates {
    private Certificates() {}

    static void write(TempFolder folder) {
        TestCertificates authority = TestCertificates.authority("bench");
        folder.write("ca.pem", pem("CERTIFICATE", encoded(authority.authority())));
        write(folder, "server", authority.server("localhost", "127.0.0.1"));
        write(folder, "client", authority.client("front hop"));
    }

    private static void write(TempFolder folder, String name, Issued issued) {
        String chain = chain(issued.chain());
        String key = pem("PRIVATE KEY", issued.key().getEncoded());
        folder.write(name + ".pem", chain);
        folder.write(name + ".key", key);
        folder.write(name + "-both.pem", chain + key);
    }

    private static String chain(List<X509Certificate> certificates) {
        var text = new StringBuilder();
        certificates.forEach(certificate -> text.append(pem("CERTIFICATE", encoded(certificate))));
        return text.toString();
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der) + "\n-----END "
                + kind + "-----\n";
    }
}
