package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.store.SamlParticipantStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlSamlParticipantStore(Handle handle) implements SamlParticipantStore {
    @Override
    public void put(Row participant) {
        handle.createUpdate("""
                        INSERT INTO saml_participants (tenant, session_id, app_id, session_index, name_id,
                            name_id_format, sp_name_qualifier, keep_until)
                        VALUES (:tenant, :session, :app, :index, :nameId, :format, :qualifier, :keepUntil)
                        ON CONFLICT (tenant, session_id, app_id) DO UPDATE SET
                            session_index = excluded.session_index, name_id = excluded.name_id,
                            name_id_format = excluded.name_id_format,
                            sp_name_qualifier = excluded.sp_name_qualifier, keep_until = excluded.keep_until""")
                .bind("tenant", participant.tenant().value())
                .bind("session", participant.session().value())
                .bind("app", participant.application().value())
                .bind("index", participant.sessionIndex())
                .bind("nameId", participant.nameId())
                .bind("format", participant.nameIdFormat())
                .bind("qualifier", participant.spNameQualifier().orElse(null))
                .bind("keepUntil", micros(participant.keepUntil()))
                .execute();
    }

    @Override
    public List<Row> of(TenantId tenant, SessionId session) {
        return handle.createQuery("""
                        SELECT * FROM saml_participants WHERE tenant = :tenant AND session_id = :session
                        ORDER BY app_id""")
                .bind("tenant", tenant.value())
                .bind("session", session.value())
                .map((row, _) -> new Row(
                        tenant,
                        session,
                        new AppId(row.getString("app_id")),
                        row.getString("session_index"),
                        row.getString("name_id"),
                        row.getString("name_id_format"),
                        Optional.ofNullable(row.getString("sp_name_qualifier")),
                        instant(row, "keep_until")))
                .list();
    }

    @Override
    public boolean delete(TenantId tenant, SessionId session, AppId application) {
        return handle.createUpdate("""
                        DELETE FROM saml_participants
                        WHERE tenant = :tenant AND session_id = :session AND app_id = :app""")
                        .bind("tenant", tenant.value())
                        .bind("session", session.value())
                        .bind("app", application.value())
                        .execute()
                > 0;
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM saml_participants WHERE keep_until < :now")
                .bind("now", micros(now))
                .execute();
    }
}
