package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.store.ChainCheck;
import io.postern.store.LogEntry;
import io.postern.store.LogField;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.LogStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The sign-in log and the audit log of a tenant, for reading.
public final class Logs {
    private static final int STEP = 5_000;

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

    /// How far a check of a chain has come.
    ///
    /// @param number of the last entry that was found right
    /// @param done there is nothing more, or a problem
    public record Checked(
            LogStore.Chain chain, long number, String hash, boolean done, Optional<ChainCheck.Problem> problem) {}

    /// Checks the next entries of a chain, a few thousand at once.
    ///
    /// @param after what the step before answered; empty for the beginning
    public Checked check(TenantId tenant, LogKind log, Optional<ChainCheck> after) {
        return ledger.read(stores -> {
            LogStore.Chain chain = stores.logs().chain(tenant, log);
            // retention may have gone on since the last step
            ChainCheck check = after.filter(c -> c.number() >= chain.cutNumber())
                    .orElseGet(() -> new ChainCheck(chain.cutNumber(), chain.cutHash()));
            List<LogEntry> entries = stores.logs().find(tenant, log, LogQuery.onwards(check.number(), STEP));
            for (LogEntry entry : entries) {
                Optional<ChainCheck.Problem> problem = check.next(entry.number(), entry.text(), entry.hash());
                if (problem.isPresent()) {
                    return new Checked(chain, check.number(), check.hash(), true, problem);
                }
            }
            if (!entries.isEmpty()) {
                List<Long> wrong = stores.logs()
                        .falselyFiled(tenant, log, entries.getFirst().number(), check.number());
                if (!wrong.isEmpty()) {
                    var problem = new ChainCheck.Problem(
                            wrong.getFirst(), "entry " + wrong.getFirst() + " is filed under what it does not say");
                    return new Checked(chain, wrong.getFirst() - 1, "", true, Optional.of(problem));
                }
            }
            boolean last = entries.size() < STEP;
            Optional<ChainCheck.Problem> problem = last ? check.end(chain.number(), chain.hash()) : Optional.empty();
            return new Checked(chain, check.number(), check.hash(), last, problem);
        });
    }
}
