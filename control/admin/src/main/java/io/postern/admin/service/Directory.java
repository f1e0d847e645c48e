package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.store.AuditEntry;
import io.postern.store.Tenant;
import java.util.List;

/// The tenant itself, and what happened in it.
public final class Directory {
    private final Ledger ledger;

    public Directory(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<Tenant> tenant(TenantId id) {
        return ledger.look(stores -> stores.tenants().find(id).orElseThrow(() -> Rejected.notFound("tenant", id)));
    }

    /// Newest first.
    public List<AuditEntry> audits(TenantId tenant, int limit) {
        return ledger.read(stores -> stores.audit().list(tenant, limit));
    }
}
