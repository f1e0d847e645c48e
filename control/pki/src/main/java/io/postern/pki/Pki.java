package io.postern.pki;

import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.store.Store;
import java.security.cert.X509Certificate;
import java.time.Clock;

/// The service's two certificate authorities and what they issue. Thread-safe; blocking.
public class Pki {
    private Pki() {}

    /// Loads both authorities and the certificates in force, making what is missing. Several nodes may do
    /// so at once: they agree on one of each.
    ///
    /// @throws PkiFault when the master key is not the one of this database
    public static Pki open(Store store, MasterKey masterKey, String baseDomain, Clock clock) {
        return new Pki();
    }

    /// `*.<base>` and `<base>`, issued by the browsers' authority.
    public EdgeCertificate edgeCertificate() {
        throw new UnsupportedOperationException();
    }

    /// `connect.<base>`, issued by the connectors' authority, chain included.
    public EdgeCertificate tunnelCertificate() {
        throw new UnsupportedOperationException();
    }

    /// Issuer of connector certificates and of the tunnel certificate; enrolment tokens carry its fingerprint.
    public X509Certificate connectorAuthority() {
        throw new UnsupportedOperationException();
    }

    /// The certificate that browsers are asked to trust: good for the base domain only.
    public String browserAuthorityPem() {
        throw new UnsupportedOperationException();
    }

    /// A certificate for the key in the request; the request's subject is ignored.
    ///
    /// @param csrDer PKCS#10 in DER
    /// @throws CsrRefused when it is no request, its signature does not match its key, or the key is too weak
    public IssuedConnector issueConnector(TenantId tenant, ConnectorId connector, byte[] csrDer) throws CsrRefused {
        throw new CsrRefused(tenant + " " + connector + " " + csrDer.length);
    }

    /// Renews what has less than a third of its life left. Call daily.
    ///
    /// @return true when a certificate changed: publish a new snapshot
    public boolean renewDue() {
        throw new UnsupportedOperationException();
    }
}
