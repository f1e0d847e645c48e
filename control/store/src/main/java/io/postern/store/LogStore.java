package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;

/// The logs of all tenants: append only, each a chain of hashes. An entry is written in the transaction of what it
/// tells of. Two transactions that append to one chain come one after the other, on every node.
public interface LogStore {
    /// The state of a chain.
    ///
    /// @param number of the newest entry, 0 when there never was one
    /// @param cutNumber of the newest entry that retention removed, 0 when it removed none
    record Chain(TenantId tenant, LogKind log, long number, String hash, long cutNumber, String cutHash) {}

    void append(SignIn signIn);

    void append(AuditEntry entry);

    List<LogEntry> find(TenantId tenant, LogKind log, LogQuery query);

    Chain chain(TenantId tenant, LogKind log);

    /// Whether what stands beside an entry to search by is what the entry says. @return numbers of those where not
    List<Long> falselyFiled(TenantId tenant, LogKind log, long from, long to);

    /// Removes the old end of a chain: entries before `before`, at most `limit`, never one that follows a younger one.
    /// @return how many
    int cut(TenantId tenant, LogKind log, Instant before, int limit);
}
