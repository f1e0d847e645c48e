package io.postern.admin.service;

import io.postern.domain.publish.Application;
import io.postern.store.ServicePrincipal;
import java.util.List;
import java.util.Optional;

/// A whole published application as it is.
///
/// @param connectorGroup its name
/// @param users assigned directly, by user principal name, in order
/// @param groups assigned, by display name, in order
public record Declared(
        Application application,
        Optional<ServicePrincipal> principal,
        String connectorGroup,
        Optional<String> notes,
        List<String> users,
        List<String> groups) {
    public Declared {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }
}
