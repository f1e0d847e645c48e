package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.micros;

import io.postern.store.OnceStore;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

record SqlOnceStore(Handle handle) implements OnceStore {
    @Override
    public boolean claim(String purpose, String key, Instant keepUntil) {
        return handle.createUpdate("""
                        INSERT INTO once_only (purpose, name, keep_until) VALUES (:purpose, :key, :keepUntil)
                        ON CONFLICT (purpose, name) DO NOTHING""")
                        .bind("purpose", purpose)
                        .bind("key", key)
                        .bind("keepUntil", micros(keepUntil))
                        .execute()
                == 1;
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM once_only WHERE keep_until < :now")
                .bind("now", micros(now))
                .execute();
    }
}
