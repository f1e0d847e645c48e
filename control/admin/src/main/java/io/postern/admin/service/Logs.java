package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.store.LogEntry;
import io.postern.store.LogField;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import java.util.List;
import java.util.OptionalLong;

/// The sign-in log and the audit log of a tenant, for reading.
public final class Logs {
    private final Ledger ledger;

    public Logs(Ledger ledger) {
        this.ledger = ledger;
    }

    public List<LogEntry> find(TenantId tenant, LogKind log, LogQuery query) {
        return ledger.read(stores -> stores.logs().find(tenant, log, query));
    }

    /// @param id of the entry
    public Outcome<LogEntry> entry(TenantId tenant, LogKind log, String id) {
        var query = new LogQuery(List.of(LogQuery.Condition.equal(LogField.ID, id)), OptionalLong.empty(), true, 1);
        return ledger.look(stores -> stores.logs().find(tenant, log, query).stream()
                .findFirst()
                .orElseThrow(() -> Rejected.notFound("entry", id)));
    }
}
