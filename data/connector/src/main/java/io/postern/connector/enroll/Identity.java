package io.postern.connector.enroll;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// Who this connector is: what enrolment gave it.
///
/// @param connectorId the service's id for this connector
/// @param tenant name of the tenant it serves
/// @param group name of the connector group it was enrolled into
/// @param key its P-256 private key
/// @param certificates its certificate, leaf first
/// @param authority the only authority that the service may present on the tunnel
public record Identity(
        String connectorId,
        String tenant,
        String group,
        PrivateKey key,
        List<X509Certificate> certificates,
        X509Certificate authority) {
    public Identity {
        if (connectorId.isBlank()) {
            throw new IllegalArgumentException("the connector id is empty");
        }
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate");
        }
    }

    public X509Certificate certificate() {
        return certificates.getFirst();
    }

    @Override
    public String toString() {
        return "Identity[" + connectorId + "]";
    }
}
