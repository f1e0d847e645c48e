package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;

/// As whom somebody is signed in at an application that wants a name and a password. The password is kept
/// apart, sealed for connectors.
///
/// @param userName that the application knows
/// @param version another one after each change
public record ApplicationPassword(
        TenantId tenant, ServicePrincipalId resource, Whose whose, String userName, String version, Instant changed) {
    /// For whom.
    public sealed interface Whose {
        String id();

        record OfUser(UserId user) implements Whose {
            @Override
            public String id() {
                return user.value();
            }
        }

        /// For every member who has none of his own.
        record OfGroup(GroupId group) implements Whose {
            @Override
            public String id() {
                return group.value();
            }
        }
    }
}
