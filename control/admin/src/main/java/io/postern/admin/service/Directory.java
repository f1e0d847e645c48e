package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.domain.publish.TenantSettings;
import io.postern.store.Tenant;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The tenant itself, and what happened in it.
public final class Directory {
    private final Ledger ledger;

    public Directory(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<Tenant> tenant(TenantId id) {
        return ledger.look(stores -> stores.tenants().find(id).orElseThrow(() -> Rejected.notFound("tenant", id)));
    }

    public TenantSettings settings(TenantId id) {
        return ledger.read(stores -> stores.tenants().settings(id));
    }

    /// @param edit may throw [IllegalArgumentException] with a sentence about what is wrong
    public Outcome<Tenant> change(Actor actor, TenantId id, UnaryOperator<TenantSettings> edit) {
        return ledger.change(actor, change -> {
            Tenant tenant = change.stores()
                    .tenants()
                    .find(change.tenant())
                    .filter(t -> t.id().equals(id))
                    .orElseThrow(() -> Rejected.notFound("tenant", id));
            TenantSettings before = change.stores().tenants().settings(id);
            TenantSettings after;
            try {
                after = edit.apply(before);
            } catch (IllegalArgumentException e) {
                throw Rejected.invalid("organization", String.valueOf(e.getMessage()));
            }
            if (after.equals(before)) {
                return tenant;
            }
            change.stores().tenants().set(id, after);
            change.note(
                    Activity.UPDATE_TENANT,
                    id,
                    tenant.name(),
                    Differences.between(before, after),
                    Map.of(
                            "requestsPerSecondMax",
                            after.requestsPerSecondMax().map(Object::toString).orElse("none"),
                            "applicationRequestsPerSecondMax",
                            after.applicationRequestsPerSecondMax()
                                    .map(Object::toString)
                                    .orElse("none"),
                            "brandName",
                            after.branding().name().orElse("none")));
            return tenant;
        });
    }
}
