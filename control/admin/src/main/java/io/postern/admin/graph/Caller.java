package io.postern.admin.graph;

import io.postern.admin.service.Actor;

/// Who calls, proved by a token.
///
/// @param person false for a service principal
/// @param administrator holds Global Administrator at this moment
record Caller(Actor actor, boolean person, boolean administrator) {}
