package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.textMap;

import io.postern.store.DuplicateKey;
import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore.Kind;
import io.postern.store.OutboundStore.Link;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;

/// What applications know of users and groups.
record OutboundLinkRows(Handle handle) {
    private static final RowMapper<Link> ROW = (row, context) -> new Link(
            Kind.valueOf(row.getString("kind")),
            row.getString("subject"),
            row.getString("remote"),
            row.getString("name"),
            textMap(row, "sent"),
            row.getBoolean("active"));

    private static final String OF_KIND = " WHERE tenant = :tenant AND resource = :resource AND kind = :kind";
    private static final String OF_GROUP =
            " FROM outbound_members WHERE tenant = :tenant AND resource = :resource AND group_id = :group";

    Optional<Link> link(OutboundJob job, Kind kind, String subject) {
        return by(job, kind, "subject", subject);
    }

    Optional<Link> linkOf(OutboundJob job, Kind kind, String remote) {
        return by(job, kind, "remote", remote);
    }

    private Optional<Link> by(OutboundJob job, Kind kind, String column, String value) {
        return handle.createQuery("SELECT * FROM outbound_links" + OF_KIND + " AND " + column + " = :value")
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("kind", kind.name())
                .bind("value", value)
                .map(ROW)
                .findOne();
    }

    List<Link> list(OutboundJob job, Kind kind, String after, int limit) {
        return handle.createQuery("SELECT * FROM outbound_links" + OF_KIND
                        + " AND subject > :after ORDER BY subject LIMIT :limit")
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("kind", kind.name())
                .bind("after", after)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    long count(OutboundJob job, Kind kind) {
        return handle.createQuery("SELECT count(*) FROM outbound_links" + OF_KIND)
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("kind", kind.name())
                .mapTo(Long.class)
                .one();
    }

    List<Link> noted(OutboundJob job) {
        return handle.createQuery("""
            SELECT l.* FROM outbound_notes n
            JOIN outbound_links l ON l.tenant = n.tenant AND l.resource = n.resource AND l.kind = n.kind
                AND l.subject = n.subject
            WHERE n.tenant = :tenant AND n.resource = :resource\
            """)
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .map(ROW)
                .list();
    }

    void put(OutboundJob job, Link link) {
        if (linkOf(job, link.kind(), link.remote())
                .filter(other -> !other.subject().equals(link.subject()))
                .isPresent()) {
            throw new DuplicateKey("remote", link.remote());
        }
        handle.createUpdate("""
            INSERT INTO outbound_links (tenant, resource, kind, subject, remote, name, sent, active)
            VALUES (:tenant, :resource, :kind, :subject, :remote, :name, :sent, :active)
            ON CONFLICT (tenant, resource, kind, subject) DO UPDATE SET remote = excluded.remote,
                name = excluded.name, sent = excluded.sent, active = excluded.active\
            """)
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("kind", link.kind().name())
                .bind("subject", link.subject())
                .bind("remote", link.remote())
                .bind("name", link.name())
                .bind("sent", json(link.sent()))
                .bind("active", link.active())
                .execute();
    }

    void remove(OutboundJob job, Kind kind, String subject) {
        handle.createUpdate("DELETE FROM outbound_links" + OF_KIND + " AND subject = :subject")
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("kind", kind.name())
                .bind("subject", subject)
                .execute();
        String column = kind == Kind.USER ? "user_id" : "group_id";
        handle.createUpdate("DELETE FROM outbound_members WHERE tenant = :tenant AND resource = :resource AND " + column
                        + " = :subject")
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("subject", subject)
                .execute();
    }

    Set<String> members(OutboundJob job, String group) {
        return handle.createQuery("SELECT user_id" + OF_GROUP)
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("group", group)
                .mapTo(String.class)
                .set();
    }

    Map<String, String> knownMembers(OutboundJob job, String group) {
        var known = new HashMap<String, String>();
        handle.createQuery("""
            SELECT l.subject, l.remote FROM group_members m
            JOIN outbound_links l ON l.tenant = m.tenant AND l.resource = :resource AND l.kind = 'USER'
                AND l.subject = m.user_id AND l.active
            WHERE m.tenant = :tenant AND m.group_id = :group\
            """)
                .bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("group", group)
                .map((row, context) -> Map.entry(row.getString("subject"), row.getString("remote")))
                .forEach(member -> known.put(member.getKey(), member.getValue()));
        return known;
    }

    void addMembers(OutboundJob job, String group, Collection<String> users) {
        batch(job, group, users, """
            INSERT INTO outbound_members (tenant, resource, group_id, user_id)
            VALUES (:tenant, :resource, :group, :user) ON CONFLICT DO NOTHING\
            """);
    }

    void removeMembers(OutboundJob job, String group, Collection<String> users) {
        batch(job, group, users, "DELETE" + OF_GROUP + " AND user_id = :user");
    }

    private void batch(OutboundJob job, String group, Collection<String> users, String sql) {
        if (users.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(sql);
        users.forEach(user -> batch.bind("tenant", job.tenant().value())
                .bind("resource", job.resource().value())
                .bind("group", group)
                .bind("user", user)
                .add());
        batch.execute();
    }
}
