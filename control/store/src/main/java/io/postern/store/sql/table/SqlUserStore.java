package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.key;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;
import static io.postern.store.sql.table.Columns.textLists;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import io.postern.store.DuplicateKey;
import io.postern.store.User;
import io.postern.store.UserStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

record SqlUserStore(Handle handle) implements UserStore {
    private static final RowMapper<User> ROW = (row, context) -> new User(
            new TenantId(row.getString("tenant")),
            new UserId(row.getString("id")),
            row.getString("user_principal_name"),
            row.getString("display_name"),
            textIfAny(row, "given_name"),
            textIfAny(row, "surname"),
            textIfAny(row, "mail"),
            row.getBoolean("account_enabled"),
            textIfAny(row, "password_hash"),
            row.getBoolean("force_change_password"),
            instant(row, "sessions_valid_from"),
            instant(row, "created"),
            new Attributes(textLists(row, "attributes")));

    private static final RowMapper<Deleted> DELETED =
            (row, context) -> new Deleted(ROW.map(row, context), instant(row, "deleted"));

    @Override
    public void insert(User user) {
        refuseTakenName(user);
        bind(user, handle.createUpdate("""
            INSERT INTO users (tenant, id, user_principal_name, user_principal_name_key, display_name, given_name,
                surname, mail, account_enabled, password_hash, force_change_password, sessions_valid_from, created,
                attributes)
            VALUES (:tenant, :id, :name, :nameKey, :displayName, :givenName, :surname, :mail, :enabled,
                :passwordHash, :forceChange, :validFrom, :created, :attributes)\
            """)).execute();
        noted(user.tenant(), user.id());
    }

    @Override
    public boolean update(User user) {
        refuseTakenName(user);
        boolean written = bind(user, handle.createUpdate("""
            UPDATE users SET user_principal_name = :name, user_principal_name_key = :nameKey,
                display_name = :displayName, given_name = :givenName, surname = :surname, mail = :mail,
                account_enabled = :enabled, password_hash = :passwordHash, force_change_password = :forceChange,
                sessions_valid_from = :validFrom, created = :created, attributes = :attributes
            WHERE tenant = :tenant AND id = :id AND deleted IS NULL\
            """)).execute() == 1;
        if (written) {
            noted(user.tenant(), user.id());
        }
        return written;
    }

    @Override
    public boolean delete(TenantId tenant, UserId id) {
        Principals.forget(handle, tenant, id.value());
        OutboundNotes.user(handle, tenant, id);
        return handle.createUpdate("DELETE FROM users WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public Optional<User> find(TenantId tenant, UserId id) {
        return handle.createQuery("SELECT * FROM users WHERE tenant = :tenant AND id = :id AND deleted IS NULL")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<User> findByPrincipalName(String userPrincipalName) {
        return handle.createQuery("SELECT * FROM users WHERE user_principal_name_key = :key AND deleted IS NULL")
                .bind("key", key(userPrincipalName))
                .map(ROW)
                .findOne();
    }

    @Override
    public List<User> list(TenantId tenant, String after, int limit) {
        return handle.createQuery("""
                        SELECT * FROM users WHERE tenant = :tenant AND user_principal_name_key > :after
                            AND deleted IS NULL
                        ORDER BY user_principal_name_key LIMIT :limit""")
                .bind("tenant", tenant.value())
                .bind("after", key(after))
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public List<User> page(TenantId tenant, long skip, int limit) {
        return handle.createQuery("""
                        SELECT * FROM users WHERE tenant = :tenant AND deleted IS NULL
                        ORDER BY user_principal_name_key LIMIT :limit OFFSET :skip""")
                .bind("tenant", tenant.value())
                .bind("skip", skip)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public long count(TenantId tenant) {
        return handle.createQuery("SELECT count(*) FROM users WHERE tenant = :tenant AND deleted IS NULL")
                .bind("tenant", tenant.value())
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<User> findByMail(TenantId tenant, String mail) {
        return handle.createQuery(
                        "SELECT * FROM users WHERE tenant = :tenant AND lower(mail) = lower(:mail) AND deleted IS NULL")
                .bind("tenant", tenant.value())
                .bind("mail", mail)
                .map(ROW)
                .list();
    }

    /// No sign-in name has a blank in it, so the key that is set meanwhile is nobody's.
    @Override
    public boolean putAside(TenantId tenant, UserId id, Instant now) {
        noted(tenant, id);
        return handle.createUpdate("""
                        UPDATE users SET deleted = :now, user_principal_name_key = 'deleted ' || id
                        WHERE tenant = :tenant AND id = :id AND deleted IS NULL""")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .bind("now", micros(now))
                        .execute()
                == 1;
    }

    @Override
    public boolean bringBack(TenantId tenant, UserId id) {
        Optional<Deleted> deleted = findDeleted(tenant, id);
        deleted.map(Deleted::user).ifPresent(this::refuseTakenName);
        noted(tenant, id);
        return deleted.isPresent()
                && handle.createUpdate("""
                        UPDATE users SET deleted = NULL, user_principal_name_key = :key
                        WHERE tenant = :tenant AND id = :id""")
                                .bind("tenant", tenant.value())
                                .bind("id", id.value())
                                .bind("key", key(deleted.get().user().userPrincipalName()))
                                .execute()
                        == 1;
    }

    @Override
    public Optional<Deleted> findDeleted(TenantId tenant, UserId id) {
        return handle.createQuery("SELECT * FROM users WHERE tenant = :tenant AND id = :id AND deleted IS NOT NULL")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(DELETED)
                .findOne();
    }

    @Override
    public List<Deleted> listDeleted(TenantId tenant) {
        return handle.createQuery("SELECT * FROM users WHERE tenant = :tenant AND deleted IS NOT NULL ORDER BY id")
                .bind("tenant", tenant.value())
                .map(DELETED)
                .list();
    }

    @Override
    public int purgeDeleted(Instant before) {
        List<Deleted> old = handle.createQuery("SELECT * FROM users WHERE deleted < :before")
                .bind("before", micros(before))
                .map(DELETED)
                .list();
        old.forEach(deleted -> delete(deleted.user().tenant(), deleted.user().id()));
        return old.size();
    }

    private void noted(TenantId tenant, UserId user) {
        MembershipNotes.user(handle, tenant, user);
        OutboundNotes.user(handle, tenant, user);
    }

    private void refuseTakenName(User user) {
        if (findByPrincipalName(user.userPrincipalName())
                .filter(other -> !other.id().equals(user.id()))
                .isPresent()) {
            throw new DuplicateKey("userPrincipalName", user.userPrincipalName());
        }
    }

    private static Update bind(User user, Update update) {
        return update.bind("tenant", user.tenant().value())
                .bind("id", user.id().value())
                .bind("name", user.userPrincipalName())
                .bind("nameKey", key(user.userPrincipalName()))
                .bind("displayName", user.displayName())
                .bind("givenName", user.givenName().orElse(null))
                .bind("surname", user.surname().orElse(null))
                .bind("mail", user.mail().orElse(null))
                .bind("enabled", user.accountEnabled())
                .bind("passwordHash", user.passwordHash().orElse(null))
                .bind("forceChange", user.forceChangePassword())
                .bind("validFrom", micros(user.sessionsValidFrom()))
                .bind("created", micros(user.created()))
                .bind("attributes", json(user.attributes().values()));
    }
}
