package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.store.AuthorizationCodeStore;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlAuthorizationCodeStore(Handle handle) implements AuthorizationCodeStore {
    @Override
    public void insert(Row code) {
        handle.createUpdate("""
                        INSERT INTO authorization_codes (code_hash, payload, expires, taken)
                        VALUES (:hash, :payload, :expires, FALSE)""")
                .bind("hash", code.codeHash())
                .bind("payload", code.payload())
                .bind("expires", micros(code.expires()))
                .execute();
    }

    @Override
    public Optional<Row> take(String codeHash, Instant now) {
        return handle.createQuery("""
                        UPDATE authorization_codes SET taken = TRUE
                        WHERE code_hash = :hash AND NOT taken AND expires > :now
                        RETURNING code_hash, payload, expires""")
                .bind("hash", codeHash)
                .bind("now", micros(now))
                .map((row, context) ->
                        new Row(row.getString("code_hash"), row.getString("payload"), instant(row, "expires")))
                .findOne();
    }

    @Override
    public boolean wasTaken(String codeHash) {
        return handle.createQuery("SELECT taken FROM authorization_codes WHERE code_hash = :hash")
                .bind("hash", codeHash)
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM authorization_codes WHERE expires < :now")
                .bind("now", micros(now))
                .execute();
    }
}
