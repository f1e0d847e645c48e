package io.postern.connector.enroll;

import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.net.PinnedAuthority;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the service answers to a certificate request (tunnel.md §6), checked before anything is kept.
final class IssuedIdentity {
    private static final JsonMapper JSON = new JsonMapper();

    private IssuedIdentity() {}

    /// @param authority SHA-256 of the only authority that may have issued the certificate
    /// @throws ConnectorFault when the answer is no identity for the request's key
    static Identity read(String body, CertificateRequest request, String authority, HostPort service) {
        try {
            JsonNode json = JSON.readTree(body);
            List<X509Certificate> chain =
                    Pem.certificates(json.path("certificate").asString(""));
            X509Certificate issuer =
                    Pem.certificates(json.path("authority").asString("")).getFirst();
            if (!PinnedAuthority.fingerprint(issuer).equals(authority)) {
                throw new CertificateException("it names another authority than the one known here");
            }
            if (!chain.getFirst().getPublicKey().equals(request.keys().getPublic())) {
                throw new CertificateException("the certificate is for another key");
            }
            chain.getFirst().verify(issuer.getPublicKey());
            return new Identity(
                    json.path("connectorId").asString(""),
                    json.path("tenant").asString(""),
                    json.path("group").asString(""),
                    request.keys().getPrivate(),
                    chain,
                    issuer);
        } catch (GeneralSecurityException | JacksonException | IllegalArgumentException e) {
            throw new ConnectorFault(
                    Kind.SERVICE,
                    "the service at " + service + " answered the certificate request with something unusable ("
                            + e.getMessage() + "); check that connector and service are of the same release",
                    e);
        }
    }
}
