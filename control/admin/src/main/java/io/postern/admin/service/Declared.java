package io.postern.admin.service;

import io.postern.domain.publish.Application;
import io.postern.domain.signon.SamlSignOn;
import io.postern.store.ServicePrincipal;
import java.util.List;
import java.util.Optional;

/// A whole application as it is: published, or signed on to.
///
/// @param connectorGroup its name
/// @param signOn where something of it was set
/// @param users assigned directly, by user principal name, in order
/// @param groups assigned, by display name, in order
public record Declared(
        Application application,
        Optional<ServicePrincipal> principal,
        String connectorGroup,
        Optional<String> notes,
        List<String> users,
        List<String> groups,
        Optional<SamlSignOn> signOn) {
    public Declared {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
    }
}
