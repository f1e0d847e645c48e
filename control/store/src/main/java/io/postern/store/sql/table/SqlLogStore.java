package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.TenantId;
import io.postern.store.AuditEntry;
import io.postern.store.LogEntry;
import io.postern.store.LogField;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.LogStore;
import io.postern.store.SignIn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

record SqlLogStore(Handle handle) implements LogStore {
    /// All but the time, which is no text.
    private static final Set<LogField> TEXTS = EnumSet.complementOf(EnumSet.of(LogField.HAPPENED));

    private static final String COLUMNS = TEXTS.stream().map(LogFile::column).collect(Collectors.joining(", "));
    private static final String INSERT =
            "INSERT INTO log_entries (tenant, log, number, hash, happened, entry, " + COLUMNS
                    + ") VALUES (:tenant, :log, :number, :hash, :happened, :entry, "
                    + TEXTS.stream().map(f -> ":" + LogFile.column(f)).collect(Collectors.joining(", ")) + ")";

    private static final RowMapper<LogEntry> ENTRY = (row, context) -> new LogEntry(
            new TenantId(row.getString("tenant")),
            LogKind.valueOf(row.getString("log")),
            row.getLong("number"),
            instant(row, "happened"),
            row.getString("entry"),
            row.getString("hash"));

    @Override
    public void append(SignIn signIn) {
        append(signIn.tenant(), LogKind.SIGN_IN, List.of(LogText.of(signIn)));
    }

    @Override
    public void append(AuditEntry entry) {
        append(List.of(entry));
    }

    /// @param entries of one tenant
    void append(List<AuditEntry> entries) {
        if (!entries.isEmpty()) {
            append(
                    entries.getFirst().tenant(),
                    LogKind.AUDIT,
                    entries.stream().map(LogText::of).toList());
        }
    }

    /// Where others append at once, the change of the chain's row makes them come one after the other: on
    /// PostgreSQL the later one is refused and tried again, on SQLite there is one writer.
    private void append(TenantId tenant, LogKind log, List<String> texts) {
        Chain chain = chain(tenant, log);
        long number = chain.number();
        String hash = chain.hash();
        try (PreparedBatch batch = handle.prepareBatch(INSERT)) {
            for (String text : texts) {
                number++;
                hash = LogEntry.hash(hash, number, text);
                LogFile file = LogFile.of(log, text);
                batch.bind("tenant", tenant.value())
                        .bind("log", log.name())
                        .bind("number", number)
                        .bind("hash", hash)
                        .bind("happened", micros(file.happened()))
                        .bind("entry", text);
                TEXTS.forEach(f -> batch.bind(LogFile.column(f), file.texts().getOrDefault(f, "")));
                batch.add();
            }
            handle.createUpdate("""
                            INSERT INTO log_chains (tenant, log, number, hash, cut_number, cut_hash)
                            VALUES (:tenant, :log, :number, :hash, 0, :genesis)
                            ON CONFLICT (tenant, log) DO UPDATE SET number = excluded.number, hash = excluded.hash""")
                    .bind("tenant", tenant.value())
                    .bind("log", log.name())
                    .bind("number", number)
                    .bind("hash", hash)
                    .bind("genesis", LogEntry.genesis(tenant, log))
                    .execute();
            batch.execute();
        }
    }

    @Override
    public List<LogEntry> find(TenantId tenant, LogKind log, LogQuery query) {
        var sql = new StringBuilder("SELECT * FROM log_entries WHERE tenant = :tenant AND log = :log");
        for (int i = 0; i < query.conditions().size(); i++) {
            sql.append(" AND ").append(clause(query.conditions().get(i), ":c" + i));
        }
        if (query.after().isPresent()) {
            sql.append(query.newestFirst() ? " AND number < :after" : " AND number > :after");
        }
        sql.append(query.newestFirst() ? " ORDER BY number DESC" : " ORDER BY number")
                .append(" LIMIT :limit");
        Query found = handle.createQuery(sql.toString())
                .bind("tenant", tenant.value())
                .bind("log", log.name())
                .bind("limit", query.limit());
        for (int i = 0; i < query.conditions().size(); i++) {
            bind(found, "c" + i, query.conditions().get(i));
        }
        query.after().ifPresent(after -> found.bind("after", after));
        return found.map(ENTRY).list();
    }

    /// A beginning is a range, so that an index serves and no sign has a meaning of its own.
    private static String clause(LogQuery.Condition condition, String name) {
        String column = LogFile.column(condition.field());
        return switch (condition.operator()) {
            case EQUAL -> column + " = " + name;
            case OTHER -> column + " <> " + name;
            case STARTS_WITH -> column + " >= " + name + " AND " + column + " < " + name + "_end";
            case AT_LEAST -> column + " >= " + name;
            case MORE -> column + " > " + name;
            case AT_MOST -> column + " <= " + name;
            case LESS -> column + " < " + name;
        };
    }

    private static void bind(Query query, String name, LogQuery.Condition condition) {
        if (condition.field() == LogField.HAPPENED) {
            query.bind(name, micros(Instant.parse(condition.value())));
            return;
        }
        String value = Columns.key(condition.value());
        query.bind(name, value);
        if (condition.operator() == LogQuery.Operator.STARTS_WITH) {
            query.bind(name + "_end", value + Character.toString(Character.MAX_CODE_POINT));
        }
    }

    @Override
    public Chain chain(TenantId tenant, LogKind log) {
        return known(tenant, log).orElseGet(() -> {
            String genesis = LogEntry.genesis(tenant, log);
            return new Chain(tenant, log, 0, genesis, 0, genesis);
        });
    }

    private Optional<Chain> known(TenantId tenant, LogKind log) {
        return handle.createQuery("SELECT * FROM log_chains WHERE tenant = :tenant AND log = :log")
                .bind("tenant", tenant.value())
                .bind("log", log.name())
                .map((row, context) -> new Chain(
                        tenant,
                        log,
                        row.getLong("number"),
                        row.getString("hash"),
                        row.getLong("cut_number"),
                        row.getString("cut_hash")))
                .findOne();
    }

    @Override
    public List<Long> falselyFiled(TenantId tenant, LogKind log, long from, long to) {
        var wrong = new ArrayList<Long>();
        handle.createQuery("""
                        SELECT * FROM log_entries
                        WHERE tenant = :tenant AND log = :log AND number BETWEEN :from AND :to ORDER BY number""")
                .bind("tenant", tenant.value())
                .bind("log", log.name())
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> {
                    LogFile file = LogFile.of(log, row.getString("entry"));
                    boolean right = micros(file.happened()) == row.getLong("happened");
                    for (LogField field : TEXTS) {
                        right &= file.texts().getOrDefault(field, "").equals(row.getString(LogFile.column(field)));
                    }
                    if (!right) {
                        wrong.add(row.getLong("number"));
                    }
                    return right;
                })
                .list();
        return wrong;
    }

    @Override
    public int cut(TenantId tenant, LogKind log, Instant before, int limit) {
        Chain chain = chain(tenant, log);
        LogEntry last = null;
        for (LogEntry entry : find(tenant, log, LogQuery.onwards(chain.cutNumber(), limit))) {
            if (!entry.time().isBefore(before)) {
                break;
            }
            last = entry;
        }
        if (last == null) {
            return 0;
        }
        handle.createUpdate("""
                        UPDATE log_chains SET cut_number = :number, cut_hash = :hash
                        WHERE tenant = :tenant AND log = :log""")
                .bind("number", last.number())
                .bind("hash", last.hash())
                .bind("tenant", tenant.value())
                .bind("log", log.name())
                .execute();
        return handle.createUpdate(
                        "DELETE FROM log_entries WHERE tenant = :tenant AND log = :log AND number <= :number")
                .bind("tenant", tenant.value())
                .bind("log", log.name())
                .bind("number", last.number())
                .execute();
    }
}
