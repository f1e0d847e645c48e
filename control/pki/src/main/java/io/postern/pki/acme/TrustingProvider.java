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
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/// Talks to an ACME server whose own certificate a private authority issued.
final class TrustingProvider extends GenericAcmeProvider {
    private final SSLContext tls;

    TrustingProvider(Path authority) throws AcmeFault {
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
            tls = SSLContext.getInstance("TLS");
            tls.init(null, managers.getTrustManagers(), null);
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
        return HttpClient.newBuilder()
                .sslContext(tls)
                .connectTimeout(settings.getTimeout())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }
}
