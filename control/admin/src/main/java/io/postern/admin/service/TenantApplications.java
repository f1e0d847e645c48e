package io.postern.admin.service;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.store.ApplicationStore;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tenant's applications as one transaction sees them. All are read when they are first asked for, once: a change
/// of many would else read all for each. So whoever writes one in the transaction writes it through here. Confined to
/// the transaction's thread.
final class TenantApplications {
    private final ApplicationStore store;
    private final TenantId tenant;
    private @Nullable Map<ObjectId, Application> known;

    TenantApplications(ApplicationStore store, TenantId tenant) {
        this.store = store;
        this.tenant = tenant;
    }

    /// In no order. What is written later shows.
    Collection<Application> all() {
        return Collections.unmodifiableCollection(known().values());
    }

    /// Those of exactly this display name.
    List<Application> named(String displayName) {
        return known().values().stream()
                .filter(a -> a.displayName().equals(displayName))
                .toList();
    }

    /// @throws io.postern.store.DuplicateKey when the external URL is taken
    void insert(Application application) {
        store.insert(application);
        note(application);
    }

    /// @throws io.postern.store.DuplicateKey when the external URL is taken
    void update(Application application) {
        store.update(application);
        note(application);
    }

    void delete(ObjectId id) {
        store.delete(tenant, id);
        if (known != null) {
            known.remove(id);
        }
    }

    private void note(Application application) {
        if (known != null) {
            known.put(application.id(), application);
        }
    }

    private Map<ObjectId, Application> known() {
        Map<ObjectId, Application> read = known;
        if (read == null) {
            read = new HashMap<>();
            for (Application application : store.list(tenant)) {
                read.put(application.id(), application);
            }
            known = read;
        }
        return read;
    }
}
