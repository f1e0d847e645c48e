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
        MembershipNotes.user(handle, user.tenant(), user.id());
    }

    @Override
    public boolean update(User user) {
        refuseTakenName(user);
        boolean written = bind(user, handle.createUpdate("""
            UPDATE users SET user_principal_name = :name, user_principal_name_key = :nameKey,
                display_name = :displayName, given_name = :givenName, surname = :surname, mail = :mail,
                account_enabled = :enabled, password_hash = :passwordHash, force_change_password = :forceChange,
                sessions_valid_from = :validFrom, created = :created, attributes = :attributes
            WHERE tenant = :tenant AND id = :id\
            """)).execute() == 1;
        if (written) {
            MembershipNotes.user(handle, user.tenant(), user.id());
        }
        return written;
    }

    @Override
    public boolean delete(TenantId tenant, UserId id) {
        Principals.forget(handle, tenant, id.value());
        return handle.createUpdate("DELETE FROM users WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public Optional<User> find(TenantId tenant, UserId id) {
        return handle.createQuery("SELECT * FROM users WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<User> findByPrincipalName(String userPrincipalName) {
        return handle.createQuery("SELECT * FROM users WHERE user_principal_name_key = :key")
                .bind("key", key(userPrincipalName))
                .map(ROW)
                .findOne();
    }

    @Override
    public List<User> list(TenantId tenant, String after, int limit) {
        return handle.createQuery("""
            SELECT * FROM users WHERE tenant = :tenant AND user_principal_name_key > :after
            ORDER BY user_principal_name_key LIMIT :limit\
            """)
                .bind("tenant", tenant.value())
                .bind("after", key(after))
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public List<User> page(TenantId tenant, long skip, int limit) {
        return handle.createQuery("""
                        SELECT * FROM users WHERE tenant = :tenant
                        ORDER BY user_principal_name_key LIMIT :limit OFFSET :skip""")
                .bind("tenant", tenant.value())
                .bind("skip", skip)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public long count(TenantId tenant) {
        return handle.createQuery("SELECT count(*) FROM users WHERE tenant = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(Long.class)
                .one();
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
