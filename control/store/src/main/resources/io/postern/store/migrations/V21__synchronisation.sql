-- Other directories whose users and groups are here too, read by connectors.

-- settings: JSON. cursor: where the last cycle ended, in the connector's words. holder: the connector that reads now.
CREATE TABLE sync_sources (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    name ${text} NOT NULL,
    name_key ${text} NOT NULL,
    directory ${text} NOT NULL,
    connector_group ${text} NOT NULL,
    enabled BOOLEAN NOT NULL,
    settings ${text} NOT NULL,
    created BIGINT NOT NULL,
    cursor ${text},
    due BIGINT NOT NULL,
    wants_full BOOLEAN NOT NULL,
    wants_preview BOOLEAN NOT NULL,
    allowed_deletions INTEGER,
    holder ${text},
    held_until BIGINT,
    last_full BIGINT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name_key),
    UNIQUE (tenant, connector_group, directory),
    FOREIGN KEY (tenant, connector_group) REFERENCES connector_groups (tenant, id)
);

-- counts: JSON object
CREATE TABLE sync_jobs (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL UNIQUE,
    source ${text} NOT NULL,
    connector ${text} NOT NULL,
    kind ${text} NOT NULL CHECK (kind IN ('FULL', 'DELTA', 'PREVIEW')),
    phase ${text} NOT NULL CHECK (phase IN ('RUNNING', 'FINISHING', 'DONE', 'STOPPED', 'FAILED', 'LOST')),
    next_page INTEGER NOT NULL,
    started BIGINT NOT NULL,
    ended BIGINT,
    cursor ${text},
    counts ${text} NOT NULL,
    code ${text} NOT NULL,
    message ${text} NOT NULL,
    remedy ${text} NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, source) REFERENCES sync_sources (tenant, id) ON DELETE CASCADE
);
CREATE INDEX sync_jobs_by_source ON sync_jobs (tenant, source, started);
CREATE INDEX sync_jobs_open ON sync_jobs (started) WHERE phase = 'FINISHING';

-- target: user or group here. attributes: JSON, as the directory has them. gone: to be deleted at the end of a cycle.
-- dirty: members, or the manager, are to be looked up. deleted: since when it is no more; it can come back.
CREATE TABLE sync_objects (
    tenant ${text} NOT NULL,
    source ${text} NOT NULL,
    anchor ${text} NOT NULL,
    kind ${text} NOT NULL CHECK (kind IN ('USER', 'GROUP', 'OTHER')),
    dn ${text} NOT NULL,
    dn_key ${text} NOT NULL,
    attributes ${text} NOT NULL,
    target ${text},
    seen ${text} NOT NULL,
    gone BOOLEAN NOT NULL,
    dirty BOOLEAN NOT NULL,
    deleted BIGINT,
    fault_code ${text},
    fault_message ${text},
    fault_remedy ${text},
    PRIMARY KEY (tenant, source, anchor),
    FOREIGN KEY (tenant, source) REFERENCES sync_sources (tenant, id) ON DELETE CASCADE
);
CREATE INDEX sync_objects_by_name ON sync_objects (tenant, source, dn_key);
CREATE UNIQUE INDEX sync_objects_by_target ON sync_objects (tenant, target) WHERE target IS NOT NULL;
CREATE INDEX sync_objects_gone ON sync_objects (tenant, source, anchor) WHERE gone;
CREATE INDEX sync_objects_dirty ON sync_objects (tenant, source, anchor) WHERE dirty;
CREATE INDEX sync_objects_faults ON sync_objects (tenant, source, anchor) WHERE fault_code IS NOT NULL;
CREATE INDEX sync_objects_deleted ON sync_objects (deleted) WHERE deleted IS NOT NULL;

-- member: distinguished name folded, of whatever is a member, also of what is not here
CREATE TABLE sync_members (
    tenant ${text} NOT NULL,
    source ${text} NOT NULL,
    group_anchor ${text} NOT NULL,
    member ${text} NOT NULL,
    PRIMARY KEY (tenant, source, group_anchor, member),
    FOREIGN KEY (tenant, source) REFERENCES sync_sources (tenant, id) ON DELETE CASCADE
);
-- covering: SQLite would take the primary key otherwise, and look at all members of the source
CREATE INDEX sync_members_by_member ON sync_members (tenant, source, member, group_anchor);

-- What the last preview found, one line for each object.
CREATE TABLE sync_previews (
    tenant ${text} NOT NULL,
    source ${text} NOT NULL,
    anchor ${text} NOT NULL,
    outcome ${text} NOT NULL,
    name ${text} NOT NULL,
    detail ${text} NOT NULL,
    PRIMARY KEY (tenant, source, anchor),
    FOREIGN KEY (tenant, source) REFERENCES sync_sources (tenant, id) ON DELETE CASCADE
);

-- A user who is deleted but can come back: in no list, his name free for others.
ALTER TABLE users ADD COLUMN deleted BIGINT;
CREATE INDEX users_deleted ON users (deleted) WHERE deleted IS NOT NULL;
CREATE INDEX users_by_mail ON users (tenant, lower(mail));

-- The same of groups; their members are removed at once.
ALTER TABLE user_groups ADD COLUMN deleted BIGINT;
