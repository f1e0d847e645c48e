package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.guest.GuestAddress;
import io.postern.domain.guest.GuestPolicy;
import io.postern.store.DuplicateKey;
import io.postern.store.Guest;
import io.postern.store.GuestStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;

record SqlGuestStore(Handle handle) implements GuestStore {
    private static final RowMapper<Guest> ROW = (row, context) -> {
        Optional<Instant> expires = instantIfAny(row, "token_expires");
        return new Guest(
                new TenantId(row.getString("tenant")),
                new UserId(row.getString("user_id")),
                new GuestAddress(row.getString("address")),
                row.getString("invited_by"),
                row.getString("redirect_url"),
                textIfAny(row, "language"),
                instant(row, "created"),
                textIfAny(row, "token_hash").map(hash -> new Guest.Link(hash, expires.orElse(Instant.EPOCH))),
                instantIfAny(row, "access_ends"),
                row.getBoolean("told"));
    };

    private static final RowMapper<GuestPolicy> POLICY = (row, context) -> {
        int days = row.getInt("access_days");
        Optional<Integer> accessDays = row.wasNull() ? Optional.empty() : Optional.of(days);
        return new GuestPolicy(
                GuestPolicy.Inviters.parse(row.getString("inviters")),
                Columns.texts(row, "allowed"),
                Columns.texts(row, "blocked"),
                row.getInt("invitation_days"),
                accessDays);
    };

    @Override
    public void insert(Guest guest) {
        if (findByAddress(guest.tenant(), guest.address()).isPresent()) {
            throw new DuplicateKey("invitedUserEmailAddress", guest.address().value());
        }
        bind(guest, handle.createUpdate("""
                        INSERT INTO guests (tenant, user_id, address, invited_by, redirect_url, language, created,
                            token_hash, token_expires, access_ends, told)
                        VALUES (:tenant, :user, :address, :by, :redirect, :language, :created, :hash, :expires, :ends,
                            :told)""")).execute();
    }

    @Override
    public boolean update(Guest guest) {
        return bind(guest, handle.createUpdate("""
                        UPDATE guests SET invited_by = :by, redirect_url = :redirect, language = :language,
                            token_hash = :hash, token_expires = :expires, access_ends = :ends, told = :told
                        WHERE tenant = :tenant AND user_id = :user""")).execute() == 1;
    }

    private static <T extends SqlStatement<T>> T bind(Guest guest, T statement) {
        return statement
                .bind("tenant", guest.tenant().value())
                .bind("user", guest.user().value())
                .bind("address", guest.address().value())
                .bind("by", guest.invitedBy())
                .bind("redirect", guest.redirect())
                .bind("language", guest.language().orElse(null))
                .bind("created", micros(guest.created()))
                .bind("hash", guest.link().map(Guest.Link::hash).orElse(null))
                .bind("expires", micros(guest.link().map(Guest.Link::expires)))
                .bind("ends", micros(guest.accessEnds()))
                .bind("told", guest.told());
    }

    @Override
    public Optional<Guest> find(TenantId tenant, UserId user) {
        return handle.createQuery("SELECT * FROM guests WHERE tenant = :tenant AND user_id = :user")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<Guest> findByAddress(TenantId tenant, GuestAddress address) {
        return handle.createQuery("SELECT * FROM guests WHERE tenant = :tenant AND address = :address")
                .bind("tenant", tenant.value())
                .bind("address", address.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<Guest> findByLink(String hash) {
        return handle.createQuery("SELECT * FROM guests WHERE token_hash = :hash")
                .bind("hash", hash)
                .map(ROW)
                .findOne();
    }

    @Override
    public boolean claim(Guest guest, Guest.Link link) {
        return handle.createUpdate("""
                        UPDATE guests SET token_hash = NULL, token_expires = NULL
                        WHERE tenant = :tenant AND user_id = :user AND token_hash = :hash""")
                        .bind("tenant", guest.tenant().value())
                        .bind("user", guest.user().value())
                        .bind("hash", link.hash())
                        .execute()
                == 1;
    }

    @Override
    public List<Guest> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM guests WHERE tenant = :tenant ORDER BY address")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<Guest> over(Instant now, int limit) {
        return due("", now, limit);
    }

    @Override
    public List<Guest> ending(Instant until, int limit) {
        return due("AND NOT g.told", until, limit);
    }

    private List<Guest> due(String more, Instant until, int limit) {
        return handle.createQuery("""
                        SELECT g.* FROM guests g JOIN users u ON u.tenant = g.tenant AND u.id = g.user_id
                        WHERE g.access_ends <= :until AND u.account_enabled AND u.deleted IS NULL %s
                        ORDER BY g.access_ends, g.user_id LIMIT :limit""".formatted(more))
                .bind("until", micros(until))
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public boolean tell(Guest guest) {
        return handle.createUpdate("""
                        UPDATE guests SET told = :yes
                        WHERE tenant = :tenant AND user_id = :user AND NOT told AND access_ends = :ends""")
                        .bind("yes", true)
                        .bind("tenant", guest.tenant().value())
                        .bind("user", guest.user().value())
                        .bind("ends", micros(guest.accessEnds()))
                        .execute()
                == 1;
    }

    @Override
    public boolean addSponsor(TenantId tenant, UserId user, UserId sponsor) {
        return sponsor(tenant, user, sponsor, """
                        INSERT INTO user_sponsors (tenant, user_id, sponsor) VALUES (:tenant, :user, :sponsor)
                        ON CONFLICT DO NOTHING""");
    }

    @Override
    public boolean removeSponsor(TenantId tenant, UserId user, UserId sponsor) {
        return sponsor(tenant, user, sponsor, """
                        DELETE FROM user_sponsors WHERE tenant = :tenant AND user_id = :user AND sponsor = :sponsor""");
    }

    private boolean sponsor(TenantId tenant, UserId user, UserId sponsor, String sql) {
        return handle.createUpdate(sql)
                        .bind("tenant", tenant.value())
                        .bind("user", user.value())
                        .bind("sponsor", sponsor.value())
                        .execute()
                == 1;
    }

    @Override
    public List<UserId> sponsors(TenantId tenant, UserId user) {
        return handle.createQuery("""
                        SELECT s.sponsor FROM user_sponsors s
                            JOIN users u ON u.tenant = s.tenant AND u.id = s.sponsor AND u.deleted IS NULL
                        WHERE s.tenant = :tenant AND s.user_id = :user ORDER BY s.sponsor""")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map((row, context) -> new UserId(row.getString("sponsor")))
                .list();
    }

    @Override
    public void put(TenantId tenant, GuestPolicy policy) {
        handle.createUpdate("""
                        INSERT INTO guest_policies (tenant, inviters, allowed, blocked, invitation_days, access_days)
                        VALUES (:tenant, :inviters, :allowed, :blocked, :invitationDays, :accessDays)
                        ON CONFLICT (tenant) DO UPDATE SET inviters = :inviters, allowed = :allowed,
                            blocked = :blocked, invitation_days = :invitationDays, access_days = :accessDays""")
                .bind("tenant", tenant.value())
                .bind("inviters", policy.inviters().text())
                .bind("allowed", Columns.json(policy.allowed()))
                .bind("blocked", Columns.json(policy.blocked()))
                .bind("invitationDays", policy.invitationDays())
                .bind("accessDays", policy.accessDays().orElse(null))
                .execute();
    }

    @Override
    public GuestPolicy policy(TenantId tenant) {
        return handle.createQuery("SELECT * FROM guest_policies WHERE tenant = :tenant")
                .bind("tenant", tenant.value())
                .map(POLICY)
                .findOne()
                .orElse(GuestPolicy.DEFAULT);
    }
}
