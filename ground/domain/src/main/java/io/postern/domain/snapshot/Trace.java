package io.postern.domain.snapshot;

import io.postern.base.Secret;
import io.postern.domain.AppId;
import io.postern.domain.UserId;
import java.time.Instant;

/// Somebody looks for a fault: for a while, one user's exchanges with one application are recorded, without
/// bodies and secrets.
///
/// @param ends nothing that begins later is recorded
/// @param markKey for the marks of values that are blanked; never shown, so that a mark tells nothing of its value
public record Trace(String id, AppId application, UserId user, Instant ends, Secret markKey) {}
