package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;
import static io.postern.store.sql.table.Columns.texts;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.AppArrangement;
import io.postern.store.AppCollection;
import io.postern.store.PortalStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlPortalStore(Handle handle) implements PortalStore {
    private static final RowMapper<AppCollection> ROW = (row, context) -> new AppCollection(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            textIfAny(row, "owner").map(UserId::new),
            row.getString("name"),
            textIfAny(row, "description"),
            texts(row, "apps"),
            texts(row, "people"),
            instant(row, "created"));

    @Override
    public void put(AppCollection collection) {
        handle.createUpdate("""
                        INSERT INTO app_collections (tenant, id, owner, name, description, apps, people, created)
                        VALUES (:tenant, :id, :owner, :name, :description, :apps, :people, :created)
                        ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name,
                            description = excluded.description, apps = excluded.apps, people = excluded.people""")
                .bind("tenant", collection.tenant().value())
                .bind("id", collection.id())
                .bind("owner", collection.owner().map(UserId::value).orElse(null))
                .bind("name", collection.name())
                .bind("description", collection.description().orElse(null))
                .bind("apps", json(collection.apps()))
                .bind("people", json(collection.people()))
                .bind("created", micros(collection.created()))
                .execute();
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        return handle.createUpdate("DELETE FROM app_collections WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public Optional<AppCollection> find(TenantId tenant, String id) {
        return handle.createQuery("SELECT * FROM app_collections WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<AppCollection> collections(TenantId tenant) {
        return handle.createQuery(
                        "SELECT * FROM app_collections WHERE tenant = :tenant AND owner IS NULL ORDER BY name, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<AppCollection> own(TenantId tenant, UserId user) {
        return handle.createQuery(
                        "SELECT * FROM app_collections WHERE tenant = :tenant AND owner = :user ORDER BY name, id")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map(ROW)
                .list();
    }

    @Override
    public AppArrangement arrangement(TenantId tenant, UserId user) {
        return handle.createQuery("SELECT * FROM app_arrangements WHERE tenant = :tenant AND user_id = :user")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map((row, context) -> new AppArrangement(texts(row, "in_order"), texts(row, "hidden")))
                .findOne()
                .orElse(AppArrangement.NONE);
    }

    @Override
    public void arrange(TenantId tenant, UserId user, AppArrangement arrangement) {
        handle.createUpdate("""
                        INSERT INTO app_arrangements (tenant, user_id, in_order, hidden)
                        VALUES (:tenant, :user, :order, :hidden)
                        ON CONFLICT (tenant, user_id) DO UPDATE SET in_order = excluded.in_order,
                            hidden = excluded.hidden""")
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .bind("order", json(arrangement.order()))
                .bind("hidden", json(arrangement.hidden()))
                .execute();
    }
}
