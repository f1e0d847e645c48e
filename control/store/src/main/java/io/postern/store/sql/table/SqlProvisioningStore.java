package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.key;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ProvisioningClientId;
import io.postern.domain.TenantId;
import io.postern.store.DuplicateKey;
import io.postern.store.ProvisioningStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;

record SqlProvisioningStore(Handle handle) implements ProvisioningStore {
    private static final RowMapper<Client> CLIENT = (row, context) -> new Client(
            new TenantId(row.getString("tenant")),
            new ProvisioningClientId(row.getString("id")),
            row.getString("display_name"),
            instant(row, "created"));
    private static final RowMapper<Token> TOKEN = (row, context) -> new Token(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            new ProvisioningClientId(row.getString("client")),
            row.getString("secret_hash"),
            instant(row, "created"),
            instantIfAny(row, "expires"));
    private static final RowMapper<Anchor> ANCHOR =
            (row, context) -> new Anchor(textIfAny(row, "external_id"), Columns.map(row, "rest"));

    @Override
    public void insert(Client client) {
        boolean taken = list(client.tenant()).stream()
                .anyMatch(other -> key(other.displayName()).equals(key(client.displayName())));
        if (taken) {
            throw new DuplicateKey("displayName", client.displayName());
        }
        handle.createUpdate("""
                        INSERT INTO provisioning_clients (tenant, id, display_name, name_key, created)
                        VALUES (:tenant, :id, :displayName, :nameKey, :created)""")
                .bind("tenant", client.tenant().value())
                .bind("id", client.id().value())
                .bind("displayName", client.displayName())
                .bind("nameKey", key(client.displayName()))
                .bind("created", micros(client.created()))
                .execute();
    }

    @Override
    public boolean delete(TenantId tenant, ProvisioningClientId id) {
        return handle.createUpdate("DELETE FROM provisioning_clients WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public Optional<Client> find(TenantId tenant, ProvisioningClientId id) {
        return handle.createQuery("SELECT * FROM provisioning_clients WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(CLIENT)
                .findOne();
    }

    @Override
    public List<Client> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM provisioning_clients WHERE tenant = :tenant ORDER BY name_key")
                .bind("tenant", tenant.value())
                .map(CLIENT)
                .list();
    }

    @Override
    public void insert(Token token) {
        handle.createUpdate("""
                        INSERT INTO provisioning_tokens (tenant, id, client, secret_hash, created, expires)
                        VALUES (:tenant, :id, :client, :hash, :created, :expires)""")
                .bind("tenant", token.tenant().value())
                .bind("id", token.id())
                .bind("client", token.client().value())
                .bind("hash", token.secretHash())
                .bind("created", micros(token.created()))
                .bind("expires", micros(token.expires()))
                .execute();
    }

    @Override
    public boolean deleteToken(TenantId tenant, ProvisioningClientId client, String id) {
        return handle.createUpdate("DELETE FROM provisioning_tokens"
                                + " WHERE tenant = :tenant AND client = :client AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("client", client.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public List<Token> tokens(TenantId tenant, ProvisioningClientId client) {
        return handle.createQuery("""
                        SELECT * FROM provisioning_tokens WHERE tenant = :tenant AND client = :client
                        ORDER BY created, id""")
                .bind("tenant", tenant.value())
                .bind("client", client.value())
                .map(TOKEN)
                .list();
    }

    @Override
    public Optional<Token> findToken(String secretHash) {
        return handle.createQuery("SELECT * FROM provisioning_tokens WHERE secret_hash = :hash")
                .bind("hash", secretHash)
                .map(TOKEN)
                .findOne();
    }

    @Override
    public Anchor anchor(Client client, Kind kind, String resource) {
        return of(
                        client,
                        handle.createQuery("SELECT external_id, rest FROM " + table(kind)
                                + " WHERE tenant = :tenant AND client = :client AND resource = :resource"))
                .bind("resource", resource)
                .map(ANCHOR)
                .findOne()
                .orElse(Anchor.NONE);
    }

    @Override
    public Map<String, Anchor> anchors(Client client, Kind kind) {
        var anchors = new HashMap<String, Anchor>();
        of(
                        client,
                        handle.createQuery("SELECT resource, external_id, rest FROM " + table(kind)
                                + " WHERE tenant = :tenant AND client = :client"))
                .map((row, context) -> Map.entry(row.getString("resource"), ANCHOR.map(row, context)))
                .forEach(entry -> anchors.put(entry.getKey(), entry.getValue()));
        return anchors;
    }

    @Override
    public Optional<String> byExternalId(Client client, Kind kind, String externalId) {
        return of(
                        client,
                        handle.createQuery("SELECT resource FROM " + table(kind)
                                + " WHERE tenant = :tenant AND client = :client AND external_id = :externalId"))
                .bind("externalId", externalId)
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public void put(Client client, Kind kind, String resource, Anchor anchor) {
        anchor.externalId()
                .filter(id -> byExternalId(client, kind, id)
                        .filter(other -> !other.equals(resource))
                        .isPresent())
                .ifPresent(id -> {
                    throw new DuplicateKey("externalId", id);
                });
        of(client, handle.createUpdate("INSERT INTO " + table(kind) + """
                         (tenant, client, resource, external_id, rest)
                        VALUES (:tenant, :client, :resource, :externalId, :rest)
                        ON CONFLICT (tenant, client, resource)
                        DO UPDATE SET external_id = excluded.external_id, rest = excluded.rest"""))
                .bind("resource", resource)
                .bind("externalId", anchor.externalId().orElse(null))
                .bind("rest", Columns.json(anchor.rest()))
                .execute();
    }

    @Override
    public void forget(TenantId tenant, Kind kind, String resource) {
        handle.createUpdate("DELETE FROM " + table(kind) + " WHERE tenant = :tenant AND resource = :resource")
                .bind("tenant", tenant.value())
                .bind("resource", resource)
                .execute();
    }

    private static String table(Kind kind) {
        return switch (kind) {
            case USER -> "provisioned_users";
            case GROUP -> "provisioned_groups";
        };
    }

    private static <S extends SqlStatement<S>> S of(Client client, S statement) {
        return statement
                .bind("tenant", client.tenant().value())
                .bind("client", client.id().value());
    }
}
