package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.store.ProfileStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

record SqlProfileStore(Handle handle) implements ProfileStore {
    @Override
    public Optional<String> notes(TenantId tenant, ObjectId application) {
        return handle.createQuery(
                        "SELECT notes FROM application_profiles WHERE tenant = :tenant AND application = :application")
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .map((row, context) -> textIfAny(row, "notes"))
                .findOne()
                .flatMap(notes -> notes);
    }

    @Override
    public Map<ObjectId, String> notesOfAll(TenantId tenant) {
        var all = new HashMap<ObjectId, String>();
        handle.createQuery("SELECT application, notes FROM application_profiles"
                        + " WHERE tenant = :tenant AND notes IS NOT NULL")
                .bind("tenant", tenant.value())
                .map((row, context) -> Map.entry(new ObjectId(row.getString("application")), row.getString("notes")))
                .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return Map.copyOf(all);
    }

    @Override
    public void setNotes(TenantId tenant, ObjectId application, Optional<String> notes) {
        handle.createUpdate("""
                        INSERT INTO application_profiles (tenant, application, notes)
                        VALUES (:tenant, :application, :notes)
                        ON CONFLICT (tenant, application) DO UPDATE SET notes = excluded.notes""")
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .bind("notes", notes.orElse(null))
                .execute();
    }

    @Override
    public Optional<Logo> logo(TenantId tenant, ObjectId application) {
        return handle.createQuery("SELECT logo_type, logo FROM application_profiles"
                        + " WHERE tenant = :tenant AND application = :application AND logo IS NOT NULL")
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .map((row, context) -> new Logo(row.getString("logo_type"), row.getString("logo")))
                .findOne();
    }

    @Override
    public boolean hasLogo(TenantId tenant, ObjectId application) {
        return handle.createQuery("SELECT COUNT(*) FROM application_profiles"
                                + " WHERE tenant = :tenant AND application = :application AND logo IS NOT NULL")
                        .bind("tenant", tenant.value())
                        .bind("application", application.value())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    @Override
    public Set<ObjectId> withLogo(TenantId tenant) {
        return handle
                .createQuery(
                        "SELECT application FROM application_profiles" + " WHERE tenant = :tenant AND logo IS NOT NULL")
                .bind("tenant", tenant.value())
                .mapTo(String.class)
                .stream()
                .map(ObjectId::new)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void setLogo(TenantId tenant, ObjectId application, Optional<Logo> logo) {
        handle.createUpdate("""
                        INSERT INTO application_profiles (tenant, application, logo_type, logo)
                        VALUES (:tenant, :application, :type, :logo)
                        ON CONFLICT (tenant, application)
                        DO UPDATE SET logo_type = excluded.logo_type, logo = excluded.logo""")
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .bind("type", logo.map(Logo::mediaType).orElse(null))
                .bind("logo", logo.map(Logo::base64).orElse(null))
                .execute();
    }
}
