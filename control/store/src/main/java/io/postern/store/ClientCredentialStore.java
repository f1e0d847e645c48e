package io.postern.store;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import java.util.List;

/// Secrets and certificates of clients; an application may have several of both.
public interface ClientCredentialStore {
    /// @throws DuplicateKey `certificate` when the application has it already
    void insert(ClientCredential credential);

    boolean delete(TenantId tenant, ObjectId application, String id);

    /// The oldest first, expired ones included.
    List<ClientCredential> of(TenantId tenant, ObjectId application);
}
