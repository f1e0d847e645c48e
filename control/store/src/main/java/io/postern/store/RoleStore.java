package io.postern.store;

import io.postern.domain.TenantId;
import java.util.List;

/// Administrator roles (4.8) held by users and service principals.
public interface RoleStore {
    /// Template id of the Global Administrator.
    String GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";

    /// @param principal user or service principal id
    void grant(TenantId tenant, String principal, String roleTemplateId);

    boolean revoke(TenantId tenant, String principal, String roleTemplateId);

    List<String> rolesOf(TenantId tenant, String principal);

    /// Principals that hold the role.
    List<String> holders(TenantId tenant, String roleTemplateId);
}
