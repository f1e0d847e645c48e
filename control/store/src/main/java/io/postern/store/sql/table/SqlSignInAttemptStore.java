package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.texts;

import io.postern.store.SignInAttemptStore;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlSignInAttemptStore(Handle handle) implements SignInAttemptStore {
    @Override
    public Optional<Row> find(String account) {
        return handle.createQuery("SELECT * FROM sign_in_attempts WHERE account = :account")
                .bind("account", account)
                .map((row, context) -> new Row(
                        row.getString("account"),
                        row.getInt("failures"),
                        instantIfAny(row, "locked_until"),
                        texts(row, "recent_wrong"),
                        instant(row, "updated")))
                .findOne();
    }

    @Override
    public void put(Row row) {
        handle.createUpdate("""
                        INSERT INTO sign_in_attempts (account, failures, locked_until, recent_wrong, updated)
                        VALUES (:account, :failures, :lockedUntil, :recentWrong, :updated)
                        ON CONFLICT (account) DO UPDATE SET failures = excluded.failures,
                            locked_until = excluded.locked_until, recent_wrong = excluded.recent_wrong,
                            updated = excluded.updated""")
                .bind("account", row.account())
                .bind("failures", row.failures())
                .bind("lockedUntil", micros(row.lockedUntil()))
                .bind("recentWrong", json(row.recentWrong()))
                .bind("updated", micros(row.updated()))
                .execute();
    }

    @Override
    public void clear(String account) {
        handle.createUpdate("DELETE FROM sign_in_attempts WHERE account = :account")
                .bind("account", account)
                .execute();
    }

    @Override
    public int purge(Instant before) {
        return handle.createUpdate("DELETE FROM sign_in_attempts WHERE updated < :before")
                .bind("before", micros(before))
                .execute();
    }
}
