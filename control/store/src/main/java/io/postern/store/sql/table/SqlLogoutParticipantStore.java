package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.store.LogoutParticipantStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlLogoutParticipantStore(Handle handle) implements LogoutParticipantStore {
    private static final RowMapper<Row> ROW = (row, _) -> new Row(
            new TenantId(row.getString("tenant")),
            new SessionId(row.getString("session_id")),
            new AppId(row.getString("app_id")),
            Protocol.valueOf(row.getString("protocol")),
            row.getString("address"),
            new Known(
                    row.getString("session_index"),
                    row.getString("name_id"),
                    row.getString("name_id_format"),
                    Optional.ofNullable(row.getString("sp_name_qualifier"))),
            Outcome.valueOf(row.getString("outcome")),
            row.getString("request_id"),
            instant(row, "keep_until"));

    @Override
    public void put(Row participant) {
        handle.createUpdate("""
            INSERT INTO logout_participants (tenant, session_id, app_id, protocol, address, session_index,
                name_id, name_id_format, sp_name_qualifier, outcome, request_id, keep_until)
            VALUES (:tenant, :session, :app, :protocol, :address, :index, :nameId, :format, :qualifier,
                :outcome, :request, :keepUntil)
            ON CONFLICT (tenant, session_id, app_id, protocol) DO UPDATE SET
                address = excluded.address, session_index = excluded.session_index,
                name_id = excluded.name_id, name_id_format = excluded.name_id_format,
                sp_name_qualifier = excluded.sp_name_qualifier, outcome = excluded.outcome,
                request_id = excluded.request_id, keep_until = excluded.keep_until\
            """)
                .bind("tenant", participant.tenant().value())
                .bind("session", participant.session().value())
                .bind("app", participant.application().value())
                .bind("protocol", participant.protocol().name())
                .bind("address", participant.address())
                .bind("index", participant.known().sessionIndex())
                .bind("nameId", participant.known().nameId())
                .bind("format", participant.known().nameIdFormat())
                .bind("qualifier", participant.known().spNameQualifier().orElse(null))
                .bind("outcome", participant.outcome().name())
                .bind("request", participant.requestId())
                .bind("keepUntil", micros(participant.keepUntil()))
                .execute();
    }

    @Override
    public List<Row> of(TenantId tenant, SessionId session) {
        return handle.createQuery("""
            SELECT * FROM logout_participants WHERE tenant = :tenant AND session_id = :session
            ORDER BY app_id, protocol\
            """)
                .bind("tenant", tenant.value())
                .bind("session", session.value())
                .map(ROW)
                .list();
    }

    @Override
    public Optional<Row> asked(TenantId tenant, String requestId) {
        return handle.createQuery("""
            SELECT * FROM logout_participants WHERE tenant = :tenant AND request_id = :request
                AND request_id <> ''\
            """)
                .bind("tenant", tenant.value())
                .bind("request", requestId)
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<Row> indexed(TenantId tenant, AppId application, String sessionIndex) {
        return handle.createQuery("""
            SELECT * FROM logout_participants WHERE tenant = :tenant AND app_id = :app
                AND session_index = :index AND session_index <> ''\
            """)
                .bind("tenant", tenant.value())
                .bind("app", application.value())
                .bind("index", sessionIndex)
                .map(ROW)
                .findOne();
    }

    @Override
    public void forget(TenantId tenant, SessionId session, AppId application, Protocol protocol) {
        handle.createUpdate("""
            DELETE FROM logout_participants WHERE tenant = :tenant AND session_id = :session
                AND app_id = :app AND protocol = :protocol\
            """)
                .bind("tenant", tenant.value())
                .bind("session", session.value())
                .bind("app", application.value())
                .bind("protocol", protocol.name())
                .execute();
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM logout_participants WHERE keep_until < :now")
                .bind("now", micros(now))
                .execute();
    }
}
