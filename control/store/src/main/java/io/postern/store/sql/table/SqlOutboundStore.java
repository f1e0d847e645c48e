package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

record SqlOutboundStore(Handle handle) implements OutboundStore {
    private static final RowMapper<OutboundJob> JOB = (row, context) -> new OutboundJob(
            new TenantId(row.getString("tenant")),
            new ServicePrincipalId(row.getString("resource")),
            OutboundText.read(row.getString("settings")),
            row.getString("sealed"),
            row.getBoolean("enabled"),
            instant(row, "created"),
            new OutboundJob.State(
                    instant(row, "due"),
                    instantIfAny(row, "paused"),
                    row.getInt("failures"),
                    instantIfAny(row, "quarantined"),
                    textIfAny(row, "fault"),
                    row.getInt("held"),
                    numberIfAny(row, "allowed_removals"),
                    instantIfAny(row, "last_check"),
                    instantIfAny(row, "last_success")));

    private static Optional<Integer> numberIfAny(ResultSet row, String column) throws SQLException {
        int number = row.getInt(column);
        return row.wasNull() ? Optional.empty() : Optional.of(number);
    }

    private static final String OF_JOB = " WHERE tenant = :tenant AND resource = :resource";

    @Override
    public Optional<OutboundJob> find(TenantId tenant, ServicePrincipalId resource) {
        return query("SELECT * FROM outbound_jobs" + OF_JOB, tenant, resource)
                .map(JOB)
                .findOne();
    }

    @Override
    public List<OutboundJob> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM outbound_jobs WHERE tenant = :tenant ORDER BY created, resource")
                .bind("tenant", tenant.value())
                .map(JOB)
                .list();
    }

    @Override
    public void put(OutboundJob job) {
        update("""
            INSERT INTO outbound_jobs (tenant, resource, settings, sealed, enabled, created, due, failures, held)
            VALUES (:tenant, :resource, :settings, :sealed, :enabled, :created, :due, 0, 0)
            ON CONFLICT (tenant, resource) DO UPDATE SET settings = excluded.settings, sealed = excluded.sealed,
                enabled = excluded.enabled\
            """, job)
                .bind("settings", OutboundText.write(job.settings()))
                .bind("sealed", job.sealed())
                .bind("enabled", job.enabled())
                .bind("created", micros(job.created()))
                .bind("due", micros(job.state().due()))
                .execute();
    }

    @Override
    public boolean delete(TenantId tenant, ServicePrincipalId resource) {
        return handle.createUpdate("DELETE FROM outbound_jobs" + OF_JOB)
                        .bind("tenant", tenant.value())
                        .bind("resource", resource.value())
                        .execute()
                == 1;
    }

    @Override
    public List<OutboundJob> ready(Instant now) {
        return handle.createQuery("""
            SELECT * FROM outbound_jobs j
            WHERE j.enabled AND (j.paused IS NULL OR j.paused <= :now)
                AND (j.held_until IS NULL OR j.held_until <= :now)
                AND (j.due <= :now OR EXISTS (SELECT 1 FROM outbound_notes n
                    WHERE n.tenant = j.tenant AND n.resource = j.resource AND n.due <= :now))
            ORDER BY j.tenant, j.resource\
            """).bind("now", micros(now)).map(JOB).list();
    }

    @Override
    public boolean lease(OutboundJob job, String holder, Instant now, Instant until) {
        return update(
                                "UPDATE outbound_jobs SET holder = :holder, held_until = :until" + OF_JOB
                                        + " AND (holder = :holder OR held_until IS NULL OR held_until <= :now)",
                                job)
                        .bind("holder", holder)
                        .bind("until", micros(until))
                        .bind("now", micros(now))
                        .execute()
                == 1;
    }

    @Override
    public void release(OutboundJob job, String holder) {
        update("UPDATE outbound_jobs SET holder = NULL, held_until = NULL" + OF_JOB + " AND holder = :holder", job)
                .bind("holder", holder)
                .execute();
    }

    @Override
    public void due(TenantId tenant, ServicePrincipalId resource, Instant when) {
        handle.createUpdate("UPDATE outbound_jobs SET due = :due" + OF_JOB)
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .bind("due", micros(when))
                .execute();
    }

    @Override
    public void checked(OutboundJob job, Instant when) {
        update("UPDATE outbound_jobs SET last_check = :when" + OF_JOB, job)
                .bind("when", micros(when))
                .execute();
    }

    @Override
    public void wellAgain(OutboundJob job, Instant now) {
        update(
                        "UPDATE outbound_jobs SET paused = NULL, failures = 0, quarantined = NULL, fault = NULL,"
                                + " last_success = :now" + OF_JOB,
                        job)
                .bind("now", micros(now))
                .execute();
    }

    @Override
    public void pause(OutboundJob job, Instant until, int failures, Optional<Instant> quarantined, String fault) {
        update(
                        "UPDATE outbound_jobs SET paused = :until, failures = :failures, quarantined = :quarantined,"
                                + " fault = :fault" + OF_JOB,
                        job)
                .bind("until", micros(until))
                .bind("failures", failures)
                .bind("quarantined", micros(quarantined))
                .bind("fault", fault)
                .execute();
    }

    @Override
    public void restart(TenantId tenant, ServicePrincipalId resource, Instant now, Optional<Integer> allowed) {
        handle.createUpdate("UPDATE outbound_jobs SET paused = NULL, failures = 0, quarantined = NULL, fault = NULL,"
                        + " due = :now, allowed_removals = :allowed" + OF_JOB)
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .bind("now", micros(now))
                .bind("allowed", allowed.orElse(null))
                .execute();
        handle.createUpdate("UPDATE outbound_notes SET due = 0" + OF_JOB)
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .execute();
    }

    @Override
    public void forgetSent(TenantId tenant, ServicePrincipalId resource) {
        for (String sql :
                List.of("UPDATE outbound_links SET sent = '{}'" + OF_JOB, "DELETE FROM outbound_members" + OF_JOB)) {
            handle.createUpdate(sql)
                    .bind("tenant", tenant.value())
                    .bind("resource", resource.value())
                    .execute();
        }
    }

    @Override
    public void held(OutboundJob job, int removals, Optional<Integer> allowed) {
        update("UPDATE outbound_jobs SET held = :held, allowed_removals = :allowed" + OF_JOB, job)
                .bind("held", removals)
                .bind("allowed", allowed.orElse(null))
                .execute();
    }

    @Override
    public Optional<Link> link(OutboundJob job, Kind kind, String subject) {
        return links().link(job, kind, subject);
    }

    @Override
    public Optional<Link> linkOf(OutboundJob job, Kind kind, String remote) {
        return links().linkOf(job, kind, remote);
    }

    @Override
    public List<Link> links(OutboundJob job, Kind kind, String after, int limit) {
        return links().list(job, kind, after, limit);
    }

    @Override
    public long links(OutboundJob job, Kind kind) {
        return links().count(job, kind);
    }

    @Override
    public void put(OutboundJob job, Link link) {
        links().put(job, link);
    }

    @Override
    public void unlink(OutboundJob job, Kind kind, String subject) {
        links().remove(job, kind, subject);
    }

    @Override
    public Set<String> members(OutboundJob job, String group) {
        return links().members(job, group);
    }

    @Override
    public Map<String, String> knownMembers(OutboundJob job, String group) {
        return links().knownMembers(job, group);
    }

    @Override
    public void addMembers(OutboundJob job, String group, Collection<String> users) {
        links().addMembers(job, group, users);
    }

    @Override
    public void removeMembers(OutboundJob job, String group, Collection<String> users) {
        links().removeMembers(job, group, users);
    }

    @Override
    public List<Link> noted(OutboundJob job) {
        return links().noted(job);
    }

    @Override
    public void note(OutboundJob job, Kind kind, Collection<String> subjects) {
        queue().leave(job, kind, subjects);
    }

    @Override
    public void noteGroupsOf(OutboundJob job, String user) {
        queue().leaveGroupsOf(job, user);
    }

    @Override
    public Optional<Note> note(OutboundJob job, Kind kind, String subject) {
        return queue().find(job, kind, subject);
    }

    @Override
    public List<Note> notes(OutboundJob job, Instant now, int limit) {
        return queue().due(job, now, limit);
    }

    @Override
    public List<Note> faults(OutboundJob job, int limit) {
        return queue().faults(job, limit);
    }

    @Override
    public long waiting(OutboundJob job) {
        return queue().count(job);
    }

    @Override
    public void done(OutboundJob job, Note note) {
        queue().done(job, note);
    }

    @Override
    public void again(OutboundJob job, Note note, Instant due, int attempts, String fault) {
        queue().again(job, note, due, attempts, fault);
    }

    @Override
    public void log(Entry entry) {
        new OutboundLogRows(handle).add(entry);
    }

    @Override
    public List<Entry> log(TenantId tenant, OutboundStore.Query query) {
        return new OutboundLogRows(handle).find(tenant, query);
    }

    @Override
    public Optional<Entry> logged(TenantId tenant, String id) {
        return new OutboundLogRows(handle).find(tenant, id);
    }

    @Override
    public int purgeLog(Instant before) {
        return new OutboundLogRows(handle).purge(before);
    }

    private OutboundLinkRows links() {
        return new OutboundLinkRows(handle);
    }

    private OutboundNoteRows queue() {
        return new OutboundNoteRows(handle);
    }

    private org.jdbi.v3.core.statement.Query query(String sql, TenantId tenant, ServicePrincipalId resource) {
        return handle.createQuery(sql).bind("tenant", tenant.value()).bind("resource", resource.value());
    }

    private Update update(String sql, OutboundJob job) {
        return handle.createUpdate(sql)
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value());
    }
}
