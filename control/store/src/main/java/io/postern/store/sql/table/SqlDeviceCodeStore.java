package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.TenantId;
import io.postern.store.DeviceCodeStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlDeviceCodeStore(Handle handle) implements DeviceCodeStore {
    private static final RowMapper<Row> ROW = (row, context) -> new Row(
            row.getString("device_hash"),
            row.getString("user_code"),
            new TenantId(row.getString("tenant")),
            row.getString("app_id"),
            row.getString("payload"),
            State.valueOf(row.getString("state")),
            textIfAny(row, "answer"),
            Duration.ofSeconds(row.getInt("poll_interval")),
            instantIfAny(row, "polled"),
            instant(row, "expires"));

    @Override
    public boolean insert(Row code) {
        return handle.createUpdate("""
                        INSERT INTO device_codes (device_hash, user_code, tenant, app_id, payload, state, answer,
                            poll_interval, polled, expires)
                        VALUES (:device, :user, :tenant, :appId, :payload, :state, :answer, :interval, :polled, :expires)
                        ON CONFLICT (user_code) DO NOTHING""")
                        .bind("device", code.deviceHash())
                        .bind("user", code.userCode())
                        .bind("tenant", code.tenant().value())
                        .bind("appId", code.appId())
                        .bind("payload", code.payload())
                        .bind("state", code.state().name())
                        .bind("answer", code.answer().orElse(null))
                        .bind("interval", code.interval().toSeconds())
                        .bind("polled", micros(code.polled()))
                        .bind("expires", micros(code.expires()))
                        .execute()
                == 1;
    }

    @Override
    public Optional<Row> find(String deviceHash) {
        return handle.createQuery("SELECT * FROM device_codes WHERE device_hash = :device")
                .bind("device", deviceHash)
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<Row> findByUserCode(String userCode, Instant now) {
        return handle.createQuery("""
                        SELECT * FROM device_codes
                        WHERE user_code = :user AND state = 'WAITING' AND expires > :now""")
                .bind("user", userCode)
                .bind("now", micros(now))
                .map(ROW)
                .findOne();
    }

    @Override
    public void polled(String deviceHash, Instant now, Duration interval) {
        handle.createUpdate(
                        "UPDATE device_codes SET polled = :now, poll_interval = :interval WHERE device_hash = :device")
                .bind("now", micros(now))
                .bind("interval", interval.toSeconds())
                .bind("device", deviceHash)
                .execute();
    }

    @Override
    public boolean decide(String deviceHash, State state, Optional<String> answer, Instant now) {
        return handle.createUpdate("""
                        UPDATE device_codes SET state = :state, answer = :answer
                        WHERE device_hash = :device AND state = 'WAITING' AND expires > :now""")
                        .bind("state", state.name())
                        .bind("answer", answer.orElse(null))
                        .bind("device", deviceHash)
                        .bind("now", micros(now))
                        .execute()
                == 1;
    }

    @Override
    public boolean take(String deviceHash, Instant now) {
        return handle.createUpdate("""
                        UPDATE device_codes SET state = 'TAKEN'
                        WHERE device_hash = :device AND state = 'ALLOWED' AND expires > :now""")
                        .bind("device", deviceHash)
                        .bind("now", micros(now))
                        .execute()
                == 1;
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM device_codes WHERE expires < :now")
                .bind("now", micros(now))
                .execute();
    }
}
