package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import java.util.List;
import java.util.Optional;

/// Signing certificates of applications.
public interface SamlCertificateStore {
    void insert(SamlCertificate certificate);

    /// Makes it the active one of its application, and the others inactive. @return whether it is there
    boolean activate(TenantId tenant, AppId application, String keyId);

    boolean delete(TenantId tenant, AppId application, String keyId);

    Optional<SamlCertificate> find(TenantId tenant, AppId application, String keyId);

    /// Newest first.
    List<SamlCertificate> list(TenantId tenant, AppId application);

    /// Of every tenant: for notices of their end.
    List<SamlCertificate> listAll();
}
