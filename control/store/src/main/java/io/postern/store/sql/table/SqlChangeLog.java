package io.postern.store.sql.table;

import io.postern.store.ChangeLog;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;

/// @param bumped told of the new version, still inside the transaction
record SqlChangeLog(Handle handle, LongConsumer bumped) implements ChangeLog {
    @Override
    public void bump() {
        bumped.accept(handle.createQuery("UPDATE configuration SET version = version + 1 RETURNING version")
                .mapTo(Long.class)
                .one());
    }
}
