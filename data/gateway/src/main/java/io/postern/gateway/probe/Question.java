package io.postern.gateway.probe;

import io.postern.domain.health.AppPath;
import io.postern.domain.health.ProbeTarget;

/// One thing to find out.
///
/// @param scheme of the internal URL
/// @param authority value of the `Host` field, with the port that users see where it is the external host
record Question(AppPath path, ProbeTarget target, String scheme, String authority) {}
