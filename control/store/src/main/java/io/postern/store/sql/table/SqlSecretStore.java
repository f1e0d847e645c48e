package io.postern.store.sql.table;

import io.postern.store.SecretStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlSecretStore(Handle handle) implements SecretStore {
    @Override
    public String putIfAbsent(String name, String sealed) {
        change(name, sealed, """
                INSERT INTO secrets (name, sealed) VALUES (:name, :sealed) ON CONFLICT (name) DO NOTHING""");
        return find(name).orElseThrow();
    }

    @Override
    public void put(String name, String sealed) {
        change(name, sealed, """
                INSERT INTO secrets (name, sealed) VALUES (:name, :sealed)
                ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed""");
    }

    @Override
    public Optional<String> find(String name) {
        return handle.createQuery("SELECT sealed FROM secrets WHERE name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public List<Row> list(String prefix) {
        // no LIKE: a name may hold its wildcards
        return handle.createQuery("""
                        SELECT * FROM secrets WHERE substr(name, 1, :length) = :prefix ORDER BY name""")
                .bind("length", prefix.codePointCount(0, prefix.length()))
                .bind("prefix", prefix)
                .map((row, context) -> new Row(row.getString("name"), row.getString("sealed")))
                .list();
    }

    @Override
    public boolean delete(String name) {
        return handle.createUpdate("DELETE FROM secrets WHERE name = :name")
                        .bind("name", name)
                        .execute()
                == 1;
    }

    private void change(String name, String sealed, String sql) {
        handle.createUpdate(sql).bind("name", name).bind("sealed", sealed).execute();
    }
}
