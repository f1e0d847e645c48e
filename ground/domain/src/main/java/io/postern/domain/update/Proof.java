package io.postern.domain.update;

/// Whether a new process of a connector serves as well as the old one, by real requests through its tunnels.
///
/// @param reason what was seen; one sentence for the log and the administrator
public record Proof(boolean proven, String reason) {}
