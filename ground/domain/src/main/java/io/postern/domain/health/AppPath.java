package io.postern.domain.health;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;

/// The way through one connector to one application.
public record AppPath(ConnectorId connector, AppId application) {}
