package io.postern.tunnel.accept;

/// Who a certificate belongs to, as the service says.
///
/// @param enabled false: an administrator wants none of its tunnels open
public record ConnectorIdentity(String connectorId, String group, boolean enabled) {}
