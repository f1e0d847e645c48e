package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Something that administrators are told of.
///
/// @param kind of the texts `mail.<kind>.subject` and `mail.<kind>.text`
/// @param about what it tells, for example `connector-inactive:<id>@<since>`: nobody is told the same twice
/// @param arguments of the texts
/// @param attempts so often somebody tried to send it to the webhook
public record Alert(
        TenantId tenant, String id, String kind, String about, List<String> arguments, Instant created, int attempts) {
    /// Of somebody disowning a sign-in.
    public static final String DISOWNED = "disowned";

    public Alert {
        arguments = List.copyOf(arguments);
    }

    public static Alert of(TenantId tenant, String kind, String about, Instant now, String... arguments) {
        return new Alert(tenant, UUID.randomUUID().toString(), kind, about, List.of(arguments), now, 0);
    }
}
