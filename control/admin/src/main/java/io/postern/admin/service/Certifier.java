package io.postern.admin.service;

import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.pki.CsrRefused;
import io.postern.pki.IssuedConnector;
import io.postern.pki.Pki;
import java.time.Duration;

/// Certifies connectors' keys, each key once: a request that was seen on its way is of no use to whoever saw it,
/// and a connector that renews has made a new key indeed.
record Certifier(Pki pki) {
    private static final String PURPOSE = "connector-key";
    /// Longer than any certificate that could be in use.
    private static final Duration REMEMBERED = Duration.ofDays(3650);

    /// In the transaction that notes the certificate, so that a key counts as used only with it.
    ///
    /// @throws Rejected invalid for what is no good request, conflict for a key that was certified before
    IssuedConnector certify(Change change, TenantId tenant, ConnectorId id, byte[] csrDer) {
        IssuedConnector issued;
        try {
            issued = pki.issueConnector(tenant, id, csrDer);
        } catch (CsrRefused e) {
            throw Rejected.invalid("csr", String.valueOf(e.getMessage()));
        }
        if (!change.stores()
                .once()
                .claim(PURPOSE, issued.keyHash(), change.now().plus(REMEMBERED))) {
            throw Rejected.conflict("the key of this certificate request was certified before; make a new key");
        }
        return issued;
    }
}
