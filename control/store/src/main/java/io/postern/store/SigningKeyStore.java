package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keys with which tokens are signed, one set per tenant.
public interface SigningKeyStore {
    /// @param sealedPrivateJwk sealed by the master key
    /// @param activates signs from this instant; before, it is only published
    /// @param retires after this instant it is not published any more
    record Row(
            TenantId tenant,
            String keyId,
            String publicJwk,
            String sealedPrivateJwk,
            Instant activates,
            Optional<Instant> retires) {}

    void insert(Row key);

    boolean retire(TenantId tenant, String keyId, Instant retires);

    List<Row> list(TenantId tenant);

    List<Row> listAll();
}
