package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.List;
import java.util.Optional;

/// What users may ask for themselves (4.4): an application by way of a group, or to join the group itself.
///
/// @param resource the application; empty: people ask for the group
/// @param group whose member an asker becomes
/// @param approval one of the approvers must agree; else who asks is let in at once
/// @param days access ends after so many; empty: it stays
/// @param approvers any one of them decides
public record AccessOffer(
        TenantId tenant,
        Optional<ServicePrincipalId> resource,
        GroupId group,
        boolean approval,
        Optional<Integer> days,
        List<UserId> approvers) {
    public AccessOffer {
        approvers = List.copyOf(approvers);
    }

    /// Names the offer within its tenant: id of the service principal, else of the group.
    public String target() {
        return resource.map(ServicePrincipalId::value).orElseGet(group::value);
    }
}
