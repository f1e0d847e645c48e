-- Groups whose members a rule finds, groups within groups, and who owns a group.

-- rule_due: when the rule must be evaluated anew though nothing changes, because it looks at the time
ALTER TABLE user_groups ADD COLUMN membership_rule ${text};
ALTER TABLE user_groups ADD COLUMN rule_paused BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE user_groups ADD COLUMN rule_due BIGINT;
CREATE INDEX user_groups_with_rule ON user_groups (tenant, id) WHERE membership_rule IS NOT NULL;
CREATE INDEX user_groups_by_due ON user_groups (rule_due) WHERE rule_due IS NOT NULL;

-- Of whose members a rule asks (memberOf). A source may be gone: then nobody is in it.
CREATE TABLE group_rule_sources (
    tenant ${text} NOT NULL,
    group_id ${text} NOT NULL,
    source ${text} NOT NULL,
    PRIMARY KEY (tenant, group_id, source),
    FOREIGN KEY (tenant, group_id) REFERENCES user_groups (tenant, id) ON DELETE CASCADE
);
CREATE INDEX group_rule_sources_by_source ON group_rule_sources (tenant, source, group_id);

-- Left in the transaction of a change: whom to ask all rules about, or which rule to ask about everybody.
CREATE TABLE membership_notes (
    id ${text} NOT NULL PRIMARY KEY,
    tenant ${text} NOT NULL,
    subject ${text} NOT NULL CHECK (subject IN ('USER', 'GROUP')),
    subject_id ${text} NOT NULL
);
CREATE INDEX membership_notes_in_order ON membership_notes (subject, id);

-- Which node takes the notes; one row.
CREATE TABLE membership_lease (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    holder ${text} NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE group_nestings (
    tenant ${text} NOT NULL,
    group_id ${text} NOT NULL,
    member ${text} NOT NULL,
    PRIMARY KEY (tenant, group_id, member),
    FOREIGN KEY (tenant, group_id) REFERENCES user_groups (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, member) REFERENCES user_groups (tenant, id) ON DELETE CASCADE
);
CREATE INDEX group_nestings_by_member ON group_nestings (tenant, member, group_id);

CREATE TABLE group_owners (
    tenant ${text} NOT NULL,
    group_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (tenant, group_id, user_id),
    FOREIGN KEY (tenant, group_id) REFERENCES user_groups (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX group_owners_by_user ON group_owners (tenant, user_id, group_id);

-- In the order in which it is read: SQLite otherwise read every membership of the tenant to save itself the sorting.
DROP INDEX group_members_by_user;
CREATE INDEX group_members_by_user ON group_members (tenant, user_id, group_id);
