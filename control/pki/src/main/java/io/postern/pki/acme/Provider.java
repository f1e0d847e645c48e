package io.postern.pki.acme;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/// How we talk to ACME servers: to those whose certificate the system's authorities issued, or a private one.
final class Provider extends GenericAcmeProvider {
    private final Optional<SSLContext> tls;

    /// @param authority PEM file; empty: the system's
    Provider(Optional<Path> authority) throws AcmeFault {
        this.tls = authority.isEmpty() ? Optional.empty() : Optional.of(trusting(authority.get()));
    }

    private static SSLContext trusting(Path authority) throws AcmeFault {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority-" + number++, certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, managers.getTrustManagers(), null);
            return tls;
        } catch (IOException | GeneralSecurityException e) {
            throw new AcmeFault(
                    "the file " + authority + " cannot be used (" + e.getMessage()
                            + "); 'acme.authority' names a PEM file of certificates",
                    e);
        }
    }

    @Override
    public boolean accepts(URI server) {
        return true;
    }

    @Override
    public HttpClient createHttpClient(NetworkSettings settings) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .connectTimeout(settings.getTimeout())
                .followRedirects(HttpClient.Redirect.NORMAL); // from https to https alone
        tls.ifPresent(builder::sslContext);
        return new GuardedClient(builder.build());
    }
}
