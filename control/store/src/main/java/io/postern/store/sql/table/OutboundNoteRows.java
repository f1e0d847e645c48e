package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore.Kind;
import io.postern.store.OutboundStore.Note;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/// Who has to be looked at for an application.
record OutboundNoteRows(Handle handle) {
    private static final RowMapper<Note> ROW = (row, context) -> new Note(
            Kind.valueOf(row.getString("kind")),
            row.getString("subject"),
            row.getString("stamp"),
            instant(row, "due"),
            row.getInt("attempts"),
            textIfAny(row, "fault"));

    private static final String OF_JOB = " FROM outbound_notes WHERE tenant = :tenant AND resource = :resource";
    private static final String THIS = " AND kind = :kind AND subject = :subject AND stamp = :stamp";

    void leave(OutboundJob job, Kind kind, Collection<String> subjects) {
        if (subjects.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("""
            INSERT INTO outbound_notes (tenant, resource, kind, subject, stamp, due, attempts)
            VALUES (:tenant, :resource, :kind, :subject, :stamp, 0, 0) ON CONFLICT DO NOTHING\
            """);
        subjects.forEach(subject -> batch.bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("kind", kind.name())
                .bind("subject", subject)
                .bind("stamp", UUID.randomUUID().toString())
                .add());
        batch.execute();
    }

    void leaveGroupsOf(OutboundJob job, String user) {
        handle.createUpdate("""
            INSERT INTO outbound_notes (tenant, resource, kind, subject, stamp, due, attempts)
            SELECT DISTINCT a.tenant, a.resource, 'GROUP', a.principal, :stamp, 0, 0
            FROM assignments a JOIN group_members m ON m.tenant = a.tenant AND m.group_id = a.principal
            WHERE a.tenant = :tenant AND a.resource = :resource AND a.principal_type = 'GROUP' AND m.user_id = :user
            ON CONFLICT (tenant, resource, kind, subject)
            DO UPDATE SET stamp = excluded.stamp, due = 0, attempts = 0, fault = NULL\
            """)
                .bind("stamp", UUID.randomUUID().toString())
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("user", user)
                .execute();
    }

    Optional<Note> find(OutboundJob job, Kind kind, String subject) {
        return query(job, "SELECT *" + OF_JOB + " AND kind = :kind AND subject = :subject")
                .bind("kind", kind.name())
                .bind("subject", subject)
                .map(ROW)
                .findOne();
    }

    /// By kind, the later letter first: a group is told of its members when they are there.
    List<Note> due(OutboundJob job, Instant now, int limit) {
        return query(job, "SELECT *" + OF_JOB + " AND due <= :now ORDER BY kind DESC, due, subject LIMIT :limit")
                .bind("now", micros(now))
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    List<Note> faults(OutboundJob job, int limit) {
        return query(job, "SELECT *" + OF_JOB + " AND fault IS NOT NULL ORDER BY kind DESC, subject LIMIT :limit")
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    long count(OutboundJob job) {
        return query(job, "SELECT count(*)" + OF_JOB).mapTo(Long.class).one();
    }

    void done(OutboundJob job, Note note) {
        bind(job, note, handle.createUpdate("DELETE" + OF_JOB + THIS)).execute();
    }

    void again(OutboundJob job, Note note, Instant due, int attempts, String fault) {
        bind(job, note, handle.createUpdate("""
            UPDATE outbound_notes SET due = :due, attempts = :attempts, fault = :fault
            WHERE tenant = :tenant AND resource = :resource\
            """ + THIS))
                .bind("due", micros(due))
                .bind("attempts", attempts)
                .bind("fault", fault)
                .execute();
    }

    private Query query(OutboundJob job, String sql) {
        return handle.createQuery(sql)
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value());
    }

    private static Update bind(OutboundJob job, Note note, Update update) {
        return update.bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("kind", note.kind().name())
                .bind("subject", note.subject())
                .bind("stamp", note.stamp());
    }
}
