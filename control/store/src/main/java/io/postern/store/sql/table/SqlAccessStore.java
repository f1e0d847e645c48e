package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.AccessOffer;
import io.postern.store.AccessRequest;
import io.postern.store.AccessStore;
import io.postern.store.DuplicateKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

record SqlAccessStore(Handle handle) implements AccessStore {
    private static final RowMapper<AccessRequest> REQUEST = (row, context) -> new AccessRequest(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            row.getString("target"),
            new GroupId(row.getString("group_id")),
            new UserId(row.getString("user_id")),
            AccessRequest.State.valueOf(row.getString("state")),
            textIfAny(row, "reason"),
            instant(row, "created"),
            instantIfAny(row, "decided"),
            textIfAny(row, "decided_by"),
            textIfAny(row, "answer"),
            instantIfAny(row, "ends"));

    @Override
    public void offer(AccessOffer offer) {
        handle.createUpdate("""
                        INSERT INTO access_offers (tenant, target, resource, group_id, approval, days)
                        VALUES (:tenant, :target, :resource, :group, :approval, :days)
                        ON CONFLICT (tenant, target) DO UPDATE SET group_id = excluded.group_id,
                            approval = excluded.approval, days = excluded.days""")
                .bind("tenant", offer.tenant().value())
                .bind("target", offer.target())
                .bind(
                        "resource",
                        offer.resource().map(ServicePrincipalId::value).orElse(null))
                .bind("group", offer.group().value())
                .bind("approval", offer.approval())
                .bind("days", offer.days().orElse(null))
                .execute();
        handle.createUpdate("DELETE FROM access_approvers WHERE tenant = :tenant AND target = :target")
                .bind("tenant", offer.tenant().value())
                .bind("target", offer.target())
                .execute();
        for (int place = 0; place < offer.approvers().size(); place++) {
            handle.createUpdate("""
                            INSERT INTO access_approvers (tenant, target, user_id, place)
                            VALUES (:tenant, :target, :user, :place)""")
                    .bind("tenant", offer.tenant().value())
                    .bind("target", offer.target())
                    .bind("user", offer.approvers().get(place).value())
                    .bind("place", place)
                    .execute();
        }
    }

    @Override
    public boolean withdraw(TenantId tenant, String target) {
        return handle.createUpdate("DELETE FROM access_offers WHERE tenant = :tenant AND target = :target")
                        .bind("tenant", tenant.value())
                        .bind("target", target)
                        .execute()
                == 1;
    }

    @Override
    public Optional<AccessOffer> offer(TenantId tenant, String target) {
        return handle.createQuery("SELECT * FROM access_offers WHERE tenant = :tenant AND target = :target")
                .bind("tenant", tenant.value())
                .bind("target", target)
                .map((row, context) -> offer(row, approvers(tenant, target)))
                .findOne();
    }

    @Override
    public List<AccessOffer> offers(TenantId tenant) {
        Map<String, List<UserId>> approvers = approvers(tenant);
        return handle.createQuery("SELECT * FROM access_offers WHERE tenant = :tenant ORDER BY target")
                .bind("tenant", tenant.value())
                .map((row, context) -> offer(row, approvers.getOrDefault(row.getString("target"), List.of())))
                .list();
    }

    private static AccessOffer offer(ResultSet row, List<UserId> approvers) throws SQLException {
        var tenant = new TenantId(row.getString("tenant"));
        int days = row.getInt("days");
        Optional<Integer> limit = row.wasNull() ? Optional.empty() : Optional.of(days);
        return new AccessOffer(
                tenant,
                textIfAny(row, "resource").map(ServicePrincipalId::new),
                new GroupId(row.getString("group_id")),
                row.getBoolean("approval"),
                limit,
                approvers);
    }

    /// Of every offer, by its target.
    private Map<String, List<UserId>> approvers(TenantId tenant) {
        return handle
                .createQuery(
                        "SELECT target, user_id FROM access_approvers WHERE tenant = :tenant ORDER BY target, place")
                .bind("tenant", tenant.value())
                .map((row, context) -> Map.entry(row.getString("target"), new UserId(row.getString("user_id"))))
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private List<UserId> approvers(TenantId tenant, String target) {
        return handle.createQuery("""
                        SELECT user_id FROM access_approvers WHERE tenant = :tenant AND target = :target
                        ORDER BY place""")
                .bind("tenant", tenant.value())
                .bind("target", target)
                .map((row, context) -> new UserId(row.getString("user_id")))
                .list();
    }

    @Override
    public boolean isApprover(TenantId tenant, UserId user) {
        return handle.createQuery("SELECT 1 FROM access_approvers WHERE tenant = :tenant AND user_id = :user LIMIT 1")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    @Override
    public void insert(AccessRequest request) {
        int inserted = handle.createUpdate("""
                        INSERT INTO access_requests (tenant, id, target, group_id, user_id, state, reason, created,
                            decided, decided_by, answer, ends)
                        VALUES (:tenant, :id, :target, :group, :user, :state, :reason, :created,
                            :decided, :decidedBy, :answer, :ends)
                        ON CONFLICT DO NOTHING""")
                .bind("tenant", request.tenant().value())
                .bind("id", request.id())
                .bind("target", request.target())
                .bind("group", request.group().value())
                .bind("user", request.user().value())
                .bind("state", request.state().name())
                .bind("reason", request.reason().orElse(null))
                .bind("created", micros(request.created()))
                .bind("decided", micros(request.decided()))
                .bind("decidedBy", request.decidedBy().orElse(null))
                .bind("answer", request.answer().orElse(null))
                .bind("ends", micros(request.ends()))
                .execute();
        if (inserted == 0) {
            throw new DuplicateKey("request", request.target());
        }
    }

    @Override
    public boolean close(AccessRequest request, AccessRequest.State from) {
        return handle.createUpdate("""
                        UPDATE access_requests SET state = :state, group_id = :group, decided = :decided, decided_by = :decidedBy,
                            answer = :answer, ends = :ends
                        WHERE tenant = :tenant AND id = :id AND state = :from""")
                        .bind("tenant", request.tenant().value())
                        .bind("id", request.id())
                        .bind("from", from.name())
                        .bind("group", request.group().value())
                        .bind("state", request.state().name())
                        .bind("decided", micros(request.decided()))
                        .bind("decidedBy", request.decidedBy().orElse(null))
                        .bind("answer", request.answer().orElse(null))
                        .bind("ends", micros(request.ends()))
                        .execute()
                == 1;
    }

    @Override
    public Optional<AccessRequest> find(TenantId tenant, String id) {
        return of(tenant, "id = :id", "").bind("id", id).map(REQUEST).findOne();
    }

    @Override
    public List<AccessRequest> list(TenantId tenant, int limit) {
        return of(tenant, "1 = 1", "ORDER BY created DESC, id LIMIT :limit")
                .bind("limit", limit)
                .map(REQUEST)
                .list();
    }

    @Override
    public List<AccessRequest> ofUser(TenantId tenant, UserId user, int limit) {
        return of(tenant, "user_id = :user", "ORDER BY created DESC, id LIMIT :limit")
                .bind("user", user.value())
                .bind("limit", limit)
                .map(REQUEST)
                .list();
    }

    @Override
    public List<AccessRequest> pending(TenantId tenant, String target) {
        return of(tenant, "state = 'PENDING' AND target = :target", "ORDER BY created, id")
                .bind("target", target)
                .map(REQUEST)
                .list();
    }

    @Override
    public List<AccessRequest> pendingFor(TenantId tenant, UserId approver) {
        return of(tenant, """
                        state = 'PENDING' AND user_id <> :approver AND target IN
                        (SELECT target FROM access_approvers WHERE tenant = :tenant AND user_id = :approver)""", "ORDER BY created, id")
                .bind("approver", approver.value())
                .map(REQUEST)
                .list();
    }

    @Override
    public List<AccessRequest> granted(TenantId tenant, GroupId group, UserId user) {
        return of(tenant, "state = 'GRANTED' AND group_id = :group AND user_id = :user", "ORDER BY created, id")
                .bind("group", group.value())
                .bind("user", user.value())
                .map(REQUEST)
                .list();
    }

    @Override
    public List<AccessRequest> over(Instant now, int limit) {
        return handle.createQuery("""
                        SELECT * FROM access_requests WHERE state = 'GRANTED' AND ends <= :now
                        ORDER BY ends, id LIMIT :limit""")
                .bind("now", micros(now))
                .bind("limit", limit)
                .map(REQUEST)
                .list();
    }

    @Override
    public List<AccessRequest> pendingSince(Instant created, int limit) {
        return handle.createQuery("""
                        SELECT * FROM access_requests WHERE state = 'PENDING' AND created < :created
                        ORDER BY created, id LIMIT :limit""")
                .bind("created", micros(created))
                .bind("limit", limit)
                .map(REQUEST)
                .list();
    }

    private Query of(TenantId tenant, String where, String order) {
        return handle.createQuery("SELECT * FROM access_requests WHERE tenant = :tenant AND " + where + " " + order)
                .bind("tenant", tenant.value());
    }
}
