package io.postern.admin.logging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// TLS towards a receiver.
public final class Trusted {
    private Trusted() {}

    /// @param authority PEM file with one or more certificates; by default what the Java platform trusts
    public static SSLContext context(Optional<Path> authority) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            if (authority.isEmpty()) {
                context.init(null, null, null);
                return context;
            }
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null);
            try (InputStream file = Files.newInputStream(authority.get())) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                    trusted.setCertificateEntry("authority-" + number++, certificate);
                }
            }
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the authority " + authority.map(Path::toString).orElse("") + " cannot be used", e);
        }
    }
}
