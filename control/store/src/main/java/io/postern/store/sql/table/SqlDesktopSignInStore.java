package io.postern.store.sql.table;

import io.postern.domain.TenantId;
import io.postern.store.DesktopSignIn;
import io.postern.store.DesktopSignInStore;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlDesktopSignInStore(Handle handle) implements DesktopSignInStore {
    private static final RowMapper<DesktopSignIn> ROW = (row, context) -> new DesktopSignIn(
            new TenantId(row.getString("tenant")),
            row.getBoolean("enabled"),
            row.getString("principal"),
            row.getString("suffix"),
            Columns.texts(row, "networks"),
            row.getString("sealed_keytab"));

    @Override
    public void put(DesktopSignIn settings) {
        handle.createUpdate("""
                        INSERT INTO desktop_sign_in (tenant, enabled, principal, suffix, networks, sealed_keytab)
                        VALUES (:tenant, :enabled, :principal, :suffix, :networks, :keytab)
                        ON CONFLICT (tenant) DO UPDATE SET enabled = :enabled, principal = :principal,
                            suffix = :suffix, networks = :networks, sealed_keytab = :keytab\
                        """)
                .bind("tenant", settings.tenant().value())
                .bind("enabled", settings.enabled())
                .bind("principal", settings.principal())
                .bind("suffix", settings.suffix())
                .bind("networks", Columns.json(settings.networks()))
                .bind("keytab", settings.sealedKeytab())
                .execute();
    }

    @Override
    public Optional<DesktopSignIn> find(TenantId tenant) {
        return handle.createQuery("SELECT * FROM desktop_sign_in WHERE tenant = :tenant")
                .bind("tenant", tenant.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public boolean delete(TenantId tenant) {
        return handle.createUpdate("DELETE FROM desktop_sign_in WHERE tenant = :tenant")
                        .bind("tenant", tenant.value())
                        .execute()
                == 1;
    }
}
