-- Users and groups that applications are told of.

-- settings: JSON. sealed: token or client secret. due: when everything is looked at next. paused: until when the
-- application is left alone. quarantined: since when it fails. held: removals that wait for somebody to allow them.
CREATE TABLE outbound_jobs (
    tenant ${text} NOT NULL,
    resource ${text} NOT NULL,
    settings ${text} NOT NULL,
    sealed ${text} NOT NULL,
    enabled BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    due BIGINT NOT NULL,
    paused BIGINT,
    failures INTEGER NOT NULL,
    quarantined BIGINT,
    fault ${text},
    held INTEGER NOT NULL,
    allowed_removals INTEGER,
    last_check BIGINT,
    last_success BIGINT,
    holder ${text},
    held_until BIGINT,
    PRIMARY KEY (tenant, resource),
    FOREIGN KEY (tenant, resource) REFERENCES service_principals (tenant, id) ON DELETE CASCADE
);

-- What an application knows of whom. subject: user or group here, who may be gone. sent: JSON, by path.
CREATE TABLE outbound_links (
    tenant ${text} NOT NULL,
    resource ${text} NOT NULL,
    kind ${text} NOT NULL CHECK (kind IN ('USER', 'GROUP')),
    subject ${text} NOT NULL,
    remote ${text} NOT NULL,
    name ${text} NOT NULL,
    sent ${text} NOT NULL,
    active BOOLEAN NOT NULL,
    PRIMARY KEY (tenant, resource, kind, subject),
    UNIQUE (tenant, resource, kind, remote),
    FOREIGN KEY (tenant, resource) REFERENCES outbound_jobs (tenant, resource) ON DELETE CASCADE
);

-- Members of a group as the application knows them, by our own ids.
CREATE TABLE outbound_members (
    tenant ${text} NOT NULL,
    resource ${text} NOT NULL,
    group_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    PRIMARY KEY (tenant, resource, group_id, user_id),
    FOREIGN KEY (tenant, resource) REFERENCES outbound_jobs (tenant, resource) ON DELETE CASCADE
);

-- Left in the transaction of a change: who has to be looked at. One for each, with another stamp after each change.
CREATE TABLE outbound_notes (
    tenant ${text} NOT NULL,
    resource ${text} NOT NULL,
    kind ${text} NOT NULL CHECK (kind IN ('USER', 'GROUP')),
    subject ${text} NOT NULL,
    stamp ${text} NOT NULL,
    due BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    fault ${text},
    PRIMARY KEY (tenant, resource, kind, subject),
    FOREIGN KEY (tenant, resource) REFERENCES outbound_jobs (tenant, resource) ON DELETE CASCADE
);
CREATE INDEX outbound_notes_due ON outbound_notes (tenant, resource, due);

-- What was done, newest last. entry: JSON as the API shows it.
CREATE TABLE outbound_log (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    happened BIGINT NOT NULL,
    resource ${text} NOT NULL,
    subject ${text} NOT NULL,
    result ${text} NOT NULL,
    entry ${text} NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX outbound_log_in_order ON outbound_log (tenant, happened, id);
CREATE INDEX outbound_log_by_age ON outbound_log (happened);
