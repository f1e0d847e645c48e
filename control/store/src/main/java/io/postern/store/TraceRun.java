package io.postern.store;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.snapshot.Trace;
import java.time.Instant;

/// A trace as it is kept: what gateways live by, and what people want to know of it.
///
/// @param userName as it was when the trace began
/// @param bytes of what was recorded
/// @param missed exchanges that there was no room for
public record TraceRun(
        Trace trace,
        TenantId tenant,
        ObjectId application,
        String applicationName,
        String userName,
        String startedBy,
        Instant started,
        int exchanges,
        long bytes,
        int missed) {}
