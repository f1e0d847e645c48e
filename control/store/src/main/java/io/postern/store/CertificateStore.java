package io.postern.store;

import io.postern.domain.TenantId;
import java.util.List;
import java.util.Optional;

/// Certificates of tenants.
public interface CertificateStore {
    void insert(StoredCertificate certificate);

    boolean delete(TenantId tenant, String id);

    Optional<StoredCertificate> find(TenantId tenant, String id);

    /// Newest first.
    List<StoredCertificate> list(TenantId tenant);

    /// Of every tenant, newest first: for the snapshot.
    List<StoredCertificate> listAll();
}
