package io.postern.tunnel.accept;

/// Who a certificate belongs to, as the service says.
public record ConnectorIdentity(String connectorId, String group) {}
