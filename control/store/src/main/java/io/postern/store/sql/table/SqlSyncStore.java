package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.key;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.sync.DirectoryName;
import io.postern.store.DuplicateKey;
import io.postern.store.SyncJob;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncState;
import io.postern.store.SyncStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/// Sources and cycles; objects and their names are [SyncRows].
record SqlSyncStore(Handle handle) implements SyncStore {
    private static final RowMapper<SyncSource> SOURCE = (row, context) -> new SyncSource(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            row.getString("name"),
            row.getString("directory"),
            new ConnectorGroupId(row.getString("connector_group")),
            row.getBoolean("enabled"),
            SyncSettingsText.read(row.getString("settings")),
            instant(row, "created"));

    private static final RowMapper<SyncState> STATE = (row, context) -> {
        Optional<Instant> until = instantIfAny(row, "held_until");
        int deletions = row.getInt("allowed_deletions");
        Optional<Integer> allowed = row.wasNull() ? Optional.empty() : Optional.of(deletions);
        return new SyncState(
                textIfAny(row, "cursor"),
                instant(row, "due"),
                row.getBoolean("wants_full"),
                row.getBoolean("wants_preview"),
                allowed,
                textIfAny(row, "holder")
                        .flatMap(id -> until.map(end -> new SyncState.Holder(new ConnectorId(id), end))),
                instantIfAny(row, "last_full"));
    };

    private static final RowMapper<SyncJob> JOB = (row, context) -> {
        Map<String, Long> counts = new TreeMap<>();
        Columns.JSON
                .readTree(row.getString("counts"))
                .properties()
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue().asLong()));
        return new SyncJob(
                new TenantId(row.getString("tenant")),
                row.getString("id"),
                row.getString("source"),
                new ConnectorId(row.getString("connector")),
                SyncJob.Kind.valueOf(row.getString("kind")),
                SyncJob.Phase.valueOf(row.getString("phase")),
                row.getInt("next_page"),
                instant(row, "started"),
                instantIfAny(row, "ended"),
                textIfAny(row, "cursor"),
                counts,
                row.getString("code"),
                row.getString("message"),
                row.getString("remedy"));
    };

    @Override
    public void insert(SyncSource source, SyncState state) {
        refuseTaken(source);
        bind(source, handle.createUpdate("""
                INSERT INTO sync_sources (tenant, id, name, name_key, directory, connector_group, enabled, settings,
                    created, due, wants_full, wants_preview)
                VALUES (:tenant, :source, :name, :nameKey, :directory, :group, :enabled, :settings, :created, :due,
                    :full, :preview)"""))
                .bind("due", micros(state.due()))
                .bind("full", state.wantsFull())
                .bind("preview", state.wantsPreview())
                .execute();
    }

    @Override
    public boolean update(SyncSource source) {
        refuseTaken(source);
        return bind(source, handle.createUpdate("""
                UPDATE sync_sources SET name = :name, name_key = :nameKey, directory = :directory,
                    connector_group = :group, enabled = :enabled, settings = :settings, created = :created
                WHERE tenant = :tenant AND id = :source""")).execute() == 1;
    }

    @Override
    public boolean delete(TenantId tenant, String source) {
        return update("DELETE FROM sync_sources WHERE tenant = :tenant AND id = :source", tenant, source)
                        .execute()
                == 1;
    }

    @Override
    public Optional<SyncSource> find(TenantId tenant, String source) {
        return query("SELECT * FROM sync_sources WHERE tenant = :tenant AND id = :source", tenant, source)
                .map(SOURCE)
                .findOne();
    }

    @Override
    public Optional<SyncSource> find(TenantId tenant, ConnectorGroupId group, String directory) {
        return handle.createQuery("""
                        SELECT * FROM sync_sources
                        WHERE tenant = :tenant AND connector_group = :group AND directory = :directory""")
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .bind("directory", directory)
                .map(SOURCE)
                .findOne();
    }

    @Override
    public List<SyncSource> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM sync_sources WHERE tenant = :tenant ORDER BY name_key")
                .bind("tenant", tenant.value())
                .map(SOURCE)
                .list();
    }

    @Override
    public SyncState state(TenantId tenant, String source) {
        return query("SELECT * FROM sync_sources WHERE tenant = :tenant AND id = :source", tenant, source)
                .map(STATE)
                .one();
    }

    @Override
    public void put(TenantId tenant, String source, SyncState state) {
        update("""
                UPDATE sync_sources SET cursor = :cursor, due = :due, wants_full = :full, wants_preview = :preview,
                    allowed_deletions = :allowed, holder = :holder, held_until = :until, last_full = :lastFull
                WHERE tenant = :tenant AND id = :source""", tenant, source)
                .bind("cursor", state.cursor().orElse(null))
                .bind("due", micros(state.due()))
                .bind("full", state.wantsFull())
                .bind("preview", state.wantsPreview())
                .bind("allowed", state.allowedDeletions().orElse(null))
                .bind("holder", state.holder().map(h -> h.connector().value()).orElse(null))
                .bind("until", micros(state.holder().map(SyncState.Holder::until)))
                .bind("lastFull", micros(state.lastFull()))
                .execute();
    }

    @Override
    public String toldFaults(TenantId tenant, String source) {
        return query("SELECT told_faults FROM sync_sources WHERE tenant = :tenant AND id = :source", tenant, source)
                .map((row, context) -> textIfAny(row, "told_faults").orElse(""))
                .one();
    }

    @Override
    public void toldFaults(TenantId tenant, String source, String told) {
        update("UPDATE sync_sources SET told_faults = :told WHERE tenant = :tenant AND id = :source", tenant, source)
                .bind("told", told)
                .execute();
    }

    // ---- cycles

    @Override
    public void put(SyncJob job) {
        update("""
                INSERT INTO sync_jobs (tenant, id, source, connector, kind, phase, next_page, started, ended, cursor,
                    counts, code, message, remedy)
                VALUES (:tenant, :id, :source, :connector, :kind, :phase, :next, :started, :ended, :cursor, :counts,
                    :code, :message, :remedy)
                ON CONFLICT (tenant, id) DO UPDATE SET phase = excluded.phase, next_page = excluded.next_page,
                    ended = excluded.ended, cursor = excluded.cursor, counts = excluded.counts, code = excluded.code,
                    message = excluded.message, remedy = excluded.remedy""", job.tenant(), job.source())
                .bind("id", job.id())
                .bind("connector", job.connector().value())
                .bind("kind", job.kind().name())
                .bind("phase", job.phase().name())
                .bind("next", job.nextPage())
                .bind("started", micros(job.started()))
                .bind("ended", micros(job.ended()))
                .bind("cursor", job.cursor().orElse(null))
                .bind("counts", json(job.counts()))
                .bind("code", job.code())
                .bind("message", job.message())
                .bind("remedy", job.remedy())
                .execute();
    }

    @Override
    public Optional<SyncJob> job(String id) {
        return handle.createQuery("SELECT * FROM sync_jobs WHERE id = :id")
                .bind("id", id)
                .map(JOB)
                .findOne();
    }

    @Override
    public Optional<SyncJob> openJob(TenantId tenant, String source) {
        return query("""
                        SELECT * FROM sync_jobs
                        WHERE tenant = :tenant AND source = :source AND phase IN ('RUNNING', 'FINISHING')
                        ORDER BY started DESC LIMIT 1""", tenant, source).map(JOB).findOne();
    }

    @Override
    public List<SyncJob> jobs(TenantId tenant, String source, int limit) {
        return query("""
                        SELECT * FROM sync_jobs WHERE tenant = :tenant AND source = :source
                        ORDER BY started DESC, id LIMIT :limit""", tenant, source).bind("limit", limit).map(JOB).list();
    }

    @Override
    public List<SyncJob> finishing(int limit) {
        return handle.createQuery("SELECT * FROM sync_jobs WHERE phase = 'FINISHING' ORDER BY started LIMIT :limit")
                .bind("limit", limit)
                .map(JOB)
                .list();
    }

    @Override
    public void forgetJobs(TenantId tenant, String source, int kept) {
        update("""
                DELETE FROM sync_jobs WHERE tenant = :tenant AND source = :source
                    AND phase NOT IN ('RUNNING', 'FINISHING')
                    AND id NOT IN (SELECT id FROM sync_jobs WHERE tenant = :tenant AND source = :source
                        ORDER BY started DESC, id LIMIT :kept)""", tenant, source).bind("kept", kept).execute();
    }

    // ---- objects, members and previews

    @Override
    public List<SyncObject> objects(TenantId tenant, String source, Collection<String> anchors) {
        return rows(tenant, source).objects(anchors);
    }

    @Override
    public Optional<SyncObject> named(TenantId tenant, String source, DirectoryName name) {
        return rows(tenant, source).named(name);
    }

    @Override
    public List<SyncObject> below(TenantId tenant, String source, DirectoryName name) {
        return rows(tenant, source).below(name);
    }

    @Override
    public Optional<OfSource> ofTarget(TenantId tenant, String target) {
        return SyncRows.ofTarget(handle, tenant, target);
    }

    @Override
    public void put(TenantId tenant, String source, SyncObject object) {
        rows(tenant, source).put(object);
    }

    @Override
    public void putAll(TenantId tenant, String source, Collection<SyncObject> objects) {
        rows(tenant, source).putAll(objects);
    }

    @Override
    public void forget(TenantId tenant, String source, String anchor) {
        rows(tenant, source).forget(anchor);
    }

    @Override
    public void seen(TenantId tenant, String source, Collection<String> anchors, String job) {
        rows(tenant, source).seen(anchors, job);
    }

    @Override
    public void unseenAreGone(TenantId tenant, String source, String job) {
        rows(tenant, source).unseenAreGone(job);
    }

    @Override
    public List<Due> due(Instant now, int limit) {
        return SyncRows.due(handle, now, limit);
    }

    @Override
    public List<SyncObject> gone(TenantId tenant, String source, int limit) {
        return rows(tenant, source).where("gone", limit);
    }

    @Override
    public List<SyncObject> dirty(TenantId tenant, String source, int limit) {
        return rows(tenant, source).where("dirty", limit);
    }

    @Override
    public List<SyncObject> faults(TenantId tenant, String source, String after, int limit) {
        return rows(tenant, source).faults(after, limit);
    }

    @Override
    public long faults(TenantId tenant, String source) {
        return rows(tenant, source).count("fault_code IS NOT NULL");
    }

    @Override
    public long live(TenantId tenant, String source) {
        return rows(tenant, source).count("target IS NOT NULL AND deleted IS NULL");
    }

    @Override
    public long gone(TenantId tenant, String source) {
        return rows(tenant, source).count("gone AND target IS NOT NULL");
    }

    @Override
    public int purge(Instant before) {
        return handle.createUpdate("DELETE FROM sync_objects WHERE deleted < :before")
                .bind("before", micros(before))
                .execute();
    }

    @Override
    public Set<String> members(TenantId tenant, String source, String group) {
        return members(tenant, source).of(group);
    }

    @Override
    public void addMembers(TenantId tenant, String source, String group, Collection<String> members) {
        members(tenant, source).add(group, members);
    }

    @Override
    public void removeMembers(TenantId tenant, String source, String group, Collection<String> members) {
        members(tenant, source).remove(group, members);
    }

    @Override
    public boolean replaceMembers(TenantId tenant, String source, String group) {
        return members(tenant, source).replaceByPieces(group);
    }

    @Override
    public void addPiece(TenantId tenant, String source, String group, boolean first, Collection<String> members) {
        members(tenant, source).addPiece(group, first, members);
    }

    @Override
    public List<Target> memberTargets(TenantId tenant, String source, String group) {
        return members(tenant, source).targets(group);
    }

    @Override
    public List<String> primaryMembers(TenantId tenant, String source, String identifier) {
        return members(tenant, source).primary(identifier);
    }

    @Override
    public void renameMember(TenantId tenant, String source, DirectoryName before, DirectoryName after) {
        members(tenant, source).rename(before, after);
    }

    @Override
    public void touchGroupsOf(TenantId tenant, String source, Collection<String> members) {
        members(tenant, source).touchGroupsOf(members);
    }

    @Override
    public void touchPrimaryGroups(TenantId tenant, String source, Collection<String> identifiers) {
        members(tenant, source).touchPrimary(identifiers);
    }

    @Override
    public void clearPreview(TenantId tenant, String source) {
        update("DELETE FROM sync_previews WHERE tenant = :tenant AND source = :source", tenant, source)
                .execute();
    }

    @Override
    public void preview(TenantId tenant, String source, Previewed line) {
        update("""
                INSERT INTO sync_previews (tenant, source, anchor, outcome, name, detail)
                VALUES (:tenant, :source, :anchor, :outcome, :name, :detail)
                ON CONFLICT (tenant, source, anchor) DO UPDATE SET outcome = excluded.outcome, name = excluded.name,
                    detail = excluded.detail""", tenant, source)
                .bind("anchor", line.anchor())
                .bind("outcome", line.outcome())
                .bind("name", line.name())
                .bind("detail", line.detail())
                .execute();
    }

    @Override
    public List<SyncObject> notPreviewed(TenantId tenant, String source, int limit) {
        return rows(tenant, source).where("""
                target IS NOT NULL AND deleted IS NULL AND NOT EXISTS (SELECT 1 FROM sync_previews p
                    WHERE p.tenant = :tenant AND p.source = :source AND p.anchor = sync_objects.anchor)""", limit);
    }

    @Override
    public List<Previewed> preview(TenantId tenant, String source, int limit) {
        return query("""
                        SELECT * FROM sync_previews
                        WHERE tenant = :tenant AND source = :source AND outcome <> 'unchanged'
                        ORDER BY outcome, name, anchor LIMIT :limit""", tenant, source)
                .bind("limit", limit)
                .map((row, context) -> new Previewed(
                        row.getString("anchor"),
                        row.getString("outcome"),
                        row.getString("name"),
                        row.getString("detail")))
                .list();
    }

    private SyncRows rows(TenantId tenant, String source) {
        return new SyncRows(handle, tenant, source);
    }

    private SyncMemberRows members(TenantId tenant, String source) {
        return new SyncMemberRows(handle, tenant, source);
    }

    private void refuseTaken(SyncSource source) {
        list(source.tenant()).stream()
                .filter(other -> !other.id().equals(source.id()))
                .forEach(other -> {
                    if (key(other.name()).equals(key(source.name()))) {
                        throw new DuplicateKey("name", source.name());
                    }
                    if (other.group().equals(source.group())
                            && other.directory().equals(source.directory())) {
                        throw new DuplicateKey("directory", source.directory());
                    }
                });
    }

    private Update update(String sql, TenantId tenant, String source) {
        return handle.createUpdate(sql).bind("tenant", tenant.value()).bind("source", source);
    }

    private Query query(String sql, TenantId tenant, String source) {
        return handle.createQuery(sql).bind("tenant", tenant.value()).bind("source", source);
    }

    private static Update bind(SyncSource source, Update update) {
        return update.bind("tenant", source.tenant().value())
                .bind("source", source.id())
                .bind("name", source.name())
                .bind("nameKey", key(source.name()))
                .bind("directory", source.directory())
                .bind("group", source.group().value())
                .bind("enabled", source.enabled())
                .bind("settings", SyncSettingsText.write(source.settings()))
                .bind("created", micros(source.created()));
    }
}
