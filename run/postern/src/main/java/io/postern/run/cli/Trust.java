package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Whom the commands believe: the system's authorities and the one that was named, nobody else.
final class Trust {
    private Trust() {}

    static SSLContext with(Optional<Path> authority) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, authority.isEmpty() ? null : managers(store(authority.get())), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new Fault("TLS cannot be set up: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Fault("the authority's file " + authority.orElseThrow() + " cannot be read; check POSTERN_CA", e);
        }
    }

    private static KeyStore store(Path authority) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int n = 0;
        try (InputStream in = Files.newInputStream(authority)) {
            for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("named" + n++, c);
            }
        }
        if (n == 0) {
            throw new Fault("the authority's file " + authority + " holds no certificate; check POSTERN_CA");
        }
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager system) {
                for (X509Certificate c : Arrays.asList(system.getAcceptedIssuers())) {
                    store.setCertificateEntry("system" + n++, c);
                }
            }
        }
        return store;
    }

    private static TrustManager[] managers(@org.jspecify.annotations.Nullable KeyStore store)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
