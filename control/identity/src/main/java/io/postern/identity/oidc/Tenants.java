package io.postern.identity.oidc;

import io.postern.domain.TenantId;
import io.postern.store.Store;
import io.postern.store.Tenant;
import java.util.Locale;
import java.util.Optional;

/// Finds the tenant that the first segment of a path names: id, short name or domain.
public final class Tenants {
    private final Store store;

    public Tenants(Store store) {
        this.store = store;
    }

    public Optional<Tenant> find(String segment) {
        String folded = segment.toLowerCase(Locale.ROOT);
        return store.read(s -> {
            Optional<Tenant> byId = id(folded).flatMap(s.tenants()::find);
            if (byId.isPresent()) {
                return byId;
            }
            Optional<Tenant> byName = s.tenants().findByName(folded);
            return byName.isPresent()
                    ? byName
                    : s.tenants().list().stream()
                            .filter(t -> t.domain().equalsIgnoreCase(folded))
                            .findFirst();
        });
    }

    private static Optional<TenantId> id(String text) {
        try {
            return Optional.of(new TenantId(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a name, then
        }
    }
}
