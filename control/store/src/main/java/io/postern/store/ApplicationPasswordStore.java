package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Names and passwords for applications, each password sealed for single connectors, whose public keys are here
/// too.
public interface ApplicationPasswordStore {
    /// A copy that a connector lacks, and what another one has to seal it anew from.
    ///
    /// @param sealed for the one that is asked
    /// @param to the one that lacks it
    record Missing(
            ServicePrincipalId resource, String principal, String version, String sealed, ConnectorId to, String key) {}

    /// Another key than before makes what was sealed for the old one go: nobody can open it any more.
    ///
    /// @return whether it is another one
    boolean putKey(TenantId tenant, ConnectorId connector, String publicKey);

    /// Of the connectors of a group.
    Map<ConnectorId, String> keys(TenantId tenant, ConnectorGroupId group);

    /// Puts it in place of an older one, with the copies that there are now and no others.
    void put(ApplicationPassword password, Map<ConnectorId, String> sealed);

    Optional<ApplicationPassword> find(TenantId tenant, ServicePrincipalId resource, String principal);

    /// The user's own, else that of the first group, by name, of which he is a direct member.
    Optional<ApplicationPassword> forUser(TenantId tenant, ServicePrincipalId resource, UserId user);

    List<ApplicationPassword> list(TenantId tenant, ServicePrincipalId resource);

    boolean delete(TenantId tenant, ServicePrincipalId resource, String principal);

    Optional<String> sealed(ApplicationPassword password, ConnectorId connector);

    /// What `connector` could seal anew for others of the group that its applications have now.
    List<Missing> missing(TenantId tenant, ConnectorGroupId group, ConnectorId connector, int max);

    /// @return false when the password or the key has changed meanwhile
    boolean addCopy(TenantId tenant, Missing missing, String sealed);
}
