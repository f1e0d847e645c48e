package io.postern.admin.service;

import io.postern.domain.TenantId;
import io.postern.store.Stores;
import java.util.function.Consumer;

/// Makes the first key that signs a new tenant's tokens: the identity provider's part of adding a tenant. With it in
/// the same transaction no gateway ever meets a token of a key that it does not know yet.
@FunctionalInterface
public interface TenantKeys {
    /// Computes the key, which takes a second, so not within a transaction.
    ///
    /// @return writes it, in the transaction that adds the tenant; may be called more than once
    Consumer<Stores> make(TenantId tenant);
}
