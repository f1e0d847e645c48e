-- What happened, for good: sign-ins and changes. Each log of a tenant is a chain: an entry's hash covers the hash of the
-- one before, its number and its text. Retention moves the start of the chain (cut_...) before it removes entries.

CREATE TABLE log_chains (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    log ${text} NOT NULL CHECK (log IN ('SIGN_IN', 'AUDIT')),
    number BIGINT NOT NULL,
    hash ${text} NOT NULL,
    cut_number BIGINT NOT NULL,
    cut_hash ${text} NOT NULL,
    PRIMARY KEY (tenant, log)
);

-- entry: JSON as the API shows it. The columns after it are drawn from it, folded to one case, to search by.
CREATE TABLE log_entries (
    tenant ${text} NOT NULL,
    log ${text} NOT NULL,
    number BIGINT NOT NULL,
    hash ${text} NOT NULL,
    happened BIGINT NOT NULL,
    entry ${text} NOT NULL,
    id ${text} NOT NULL,
    correlation ${text},
    user_id ${text},
    user_name ${text},
    user_display ${text},
    app_id ${text},
    app_name ${text},
    resource_id ${text},
    address ${text},
    client_app ${text},
    kind ${text},
    code ${text},
    activity ${text},
    category ${text},
    service ${text},
    target_id ${text},
    PRIMARY KEY (tenant, log, number),
    UNIQUE (tenant, log, id),
    FOREIGN KEY (tenant, log) REFERENCES log_chains (tenant, log)
);
CREATE INDEX log_entries_by_time ON log_entries (tenant, log, happened);
CREATE INDEX log_entries_by_user ON log_entries (tenant, log, user_id, number);
CREATE INDEX log_entries_by_app ON log_entries (tenant, log, app_id, number);
CREATE INDEX log_entries_by_correlation ON log_entries (tenant, log, correlation);

-- How far a log has been sent to a receiver outside, and which node sends.
CREATE TABLE log_export_cursors (
    receiver ${text} NOT NULL,
    tenant ${text} NOT NULL,
    log ${text} NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (receiver, tenant, log),
    FOREIGN KEY (tenant, log) REFERENCES log_chains (tenant, log)
);
CREATE TABLE log_export_leases (
    receiver ${text} NOT NULL PRIMARY KEY,
    holder ${text} NOT NULL,
    expires BIGINT NOT NULL
);
