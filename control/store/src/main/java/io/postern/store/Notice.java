package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;

/// Mail to one person.
///
/// @param about what it tells, for example `access-request:<id>`: nobody is told the same twice
/// @param recipient mail address
/// @param body plain text
/// @param due not sent before
/// @param attempts so often somebody tried to send it
public record Notice(
        TenantId tenant,
        String id,
        String about,
        String recipient,
        String subject,
        String body,
        Instant created,
        Instant due,
        int attempts) {}
