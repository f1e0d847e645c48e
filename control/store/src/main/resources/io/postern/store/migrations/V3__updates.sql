-- Updates of connectors: the tenant's policy, what each connector's updater said last, and who may update now.

-- seconds of the day in UTC
CREATE TABLE update_policies (
    tenant ${text} NOT NULL PRIMARY KEY REFERENCES tenants (id),
    overrides BOOLEAN NOT NULL,
    defer_until BIGINT,
    window_start INTEGER,
    window_end INTEGER
);

CREATE TABLE connector_updates (
    tenant ${text} NOT NULL,
    connector ${text} NOT NULL,
    running ${text} NOT NULL,
    offered ${text},
    failed ${text},
    requested BOOLEAN NOT NULL,
    state ${text} NOT NULL,
    reason ${text} NOT NULL,
    since BIGINT NOT NULL,
    asked BIGINT,
    PRIMARY KEY (tenant, connector),
    FOREIGN KEY (tenant, connector) REFERENCES connectors (tenant, id) ON DELETE CASCADE
);

-- one of a group at a time
CREATE TABLE update_leases (
    tenant ${text} NOT NULL,
    group_id ${text} NOT NULL,
    id ${text} NOT NULL UNIQUE,
    connector ${text} NOT NULL,
    version ${text} NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (tenant, group_id),
    FOREIGN KEY (tenant, group_id) REFERENCES connector_groups (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, connector) REFERENCES connectors (tenant, id) ON DELETE CASCADE
);
