package io.postern.store;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What people see of an application and no gateway needs. It goes with its application.
public interface ProfileStore {
    /// @param mediaType `image/png` or `image/jpeg`
    /// @param base64 the picture
    record Logo(String mediaType, String base64) {}

    Optional<String> notes(TenantId tenant, ObjectId application);

    /// Of every application that has some.
    Map<ObjectId, String> notesOfAll(TenantId tenant);

    void setNotes(TenantId tenant, ObjectId application, Optional<String> notes);

    Optional<Logo> logo(TenantId tenant, ObjectId application);

    /// Without reading the picture.
    boolean hasLogo(TenantId tenant, ObjectId application);

    /// Those of the tenant's applications that have one.
    Set<ObjectId> withLogo(TenantId tenant);

    void setLogo(TenantId tenant, ObjectId application, Optional<Logo> logo);
}
