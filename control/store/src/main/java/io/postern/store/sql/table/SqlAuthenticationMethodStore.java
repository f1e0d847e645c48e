package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethodStore;
import io.postern.store.DuplicateKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlAuthenticationMethodStore(Handle handle) implements AuthenticationMethodStore {
    private static final RowMapper<AuthenticationMethod> ROW = (row, context) -> new AuthenticationMethod(
            new TenantId(row.getString("tenant")),
            new UserId(row.getString("user_id")),
            row.getString("id"),
            AuthenticationMethod.Kind.valueOf(row.getString("kind")),
            row.getString("name"),
            textIfAny(row, "credential"),
            row.getString("secret"),
            row.getLong("counter"),
            instantIfAny(row, "starts"),
            instantIfAny(row, "expires"),
            instant(row, "created"),
            instantIfAny(row, "last_used"),
            row.getLong("version"));

    @Override
    public void insert(AuthenticationMethod method) {
        if (method.credential().flatMap(this::findByCredential).isPresent()) {
            throw new DuplicateKey("credential", method.credential().orElse(""));
        }
        handle.createUpdate("""
                        INSERT INTO authentication_methods (tenant, id, user_id, kind, name, credential, secret, counter,
                            starts, expires, created, last_used, version)
                        VALUES (:tenant, :id, :user, :kind, :name, :credential, :secret, :counter, :starts, :expires,
                            :created, :lastUsed, :version)""")
                .bind("tenant", method.tenant().value())
                .bind("id", method.id())
                .bind("user", method.user().value())
                .bind("kind", method.kind().name())
                .bind("name", method.name())
                .bind("credential", method.credential().orElse(null))
                .bind("secret", method.secret())
                .bind("counter", method.counter())
                .bind("starts", micros(method.starts()))
                .bind("expires", micros(method.expires()))
                .bind("created", micros(method.created()))
                .bind("lastUsed", micros(method.lastUsed()))
                .bind("version", method.version())
                .execute();
    }

    @Override
    public List<AuthenticationMethod> of(TenantId tenant, UserId user) {
        return handle.createQuery("""
                        SELECT * FROM authentication_methods WHERE tenant = :tenant AND user_id = :user
                        ORDER BY created, id""")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map(ROW)
                .list();
    }

    @Override
    public Optional<AuthenticationMethod> findByCredential(String credential) {
        return handle.createQuery("SELECT * FROM authentication_methods WHERE credential = :credential")
                .bind("credential", credential)
                .map(ROW)
                .findOne();
    }

    @Override
    public boolean replace(AuthenticationMethod method) {
        return handle.createUpdate("""
                                UPDATE authentication_methods SET name = :name, secret = :secret, counter = :counter,
                                    last_used = :lastUsed, version = version + 1
                                WHERE tenant = :tenant AND user_id = :user AND id = :id AND version = :version""")
                        .bind("tenant", method.tenant().value())
                        .bind("user", method.user().value())
                        .bind("id", method.id())
                        .bind("name", method.name())
                        .bind("secret", method.secret())
                        .bind("counter", method.counter())
                        .bind("lastUsed", micros(method.lastUsed()))
                        .bind("version", method.version())
                        .execute()
                == 1;
    }

    @Override
    public boolean delete(TenantId tenant, UserId user, String id) {
        return handle.createUpdate(
                                "DELETE FROM authentication_methods WHERE tenant = :tenant AND user_id = :user AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("user", user.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public int purge(Instant now) {
        return handle.createUpdate("DELETE FROM authentication_methods WHERE expires < :now")
                .bind("now", micros(now))
                .execute();
    }
}
