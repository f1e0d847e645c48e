package io.postern.store.sql.table;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.client.ClientSettings;
import io.postern.store.ClientSettingsStore;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

record SqlClientSettingsStore(Handle handle) implements ClientSettingsStore {
    @Override
    public ClientSettings of(TenantId tenant, ObjectId application) {
        return handle.createQuery(
                        "SELECT settings FROM client_settings WHERE tenant = :tenant AND application = :application")
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .mapTo(String.class)
                .findOne()
                .map(ClientSettingsText::read)
                .orElse(ClientSettings.DEFAULT);
    }

    @Override
    public Map<ObjectId, ClientSettings> all(TenantId tenant) {
        var all = new HashMap<ObjectId, ClientSettings>();
        handle.createQuery("SELECT application, settings FROM client_settings WHERE tenant = :tenant")
                .bind("tenant", tenant.value())
                .map((row, context) -> Map.entry(
                        new ObjectId(row.getString("application")), ClientSettingsText.read(row.getString("settings"))))
                .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return Map.copyOf(all);
    }

    @Override
    public void put(TenantId tenant, ObjectId application, ClientSettings settings) {
        handle.createUpdate("""
                        INSERT INTO client_settings (tenant, application, settings)
                        VALUES (:tenant, :application, :settings)
                        ON CONFLICT (tenant, application) DO UPDATE SET settings = excluded.settings""")
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .bind("settings", ClientSettingsText.write(settings))
                .execute();
    }
}
