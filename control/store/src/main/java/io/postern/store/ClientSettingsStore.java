package io.postern.store;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.client.ClientSettings;
import java.util.Map;

/// What registrations say beside their names and web redirect URIs.
public interface ClientSettingsStore {
    /// [ClientSettings#DEFAULT] where nothing was set.
    ClientSettings of(TenantId tenant, ObjectId application);

    /// Those of the tenant that were set.
    Map<ObjectId, ClientSettings> all(TenantId tenant);

    void put(TenantId tenant, ObjectId application, ClientSettings settings);
}
