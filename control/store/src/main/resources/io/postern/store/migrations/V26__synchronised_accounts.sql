-- Accounts that expire, primary groups, and long lists of members.

-- due: to be looked at again then, whatever its directory says. sid: security identifier of a group. primary_group:
-- that of the group which has the user without naming him.
ALTER TABLE sync_objects ADD COLUMN due BIGINT;
ALTER TABLE sync_objects ADD COLUMN sid ${text};
ALTER TABLE sync_objects ADD COLUMN primary_group ${text};
CREATE INDEX sync_objects_due ON sync_objects (due) WHERE due IS NOT NULL;
CREATE INDEX sync_objects_by_sid ON sync_objects (tenant, source, sid) WHERE sid IS NOT NULL;
CREATE INDEX sync_objects_by_primary_group ON sync_objects (tenant, source, primary_group)
    WHERE primary_group IS NOT NULL;

-- Members that were told of a group whose list is not yet complete.
CREATE TABLE sync_member_pieces (
    tenant ${text} NOT NULL,
    source ${text} NOT NULL,
    group_anchor ${text} NOT NULL,
    member ${text} NOT NULL,
    PRIMARY KEY (tenant, source, group_anchor, member),
    FOREIGN KEY (tenant, source) REFERENCES sync_sources (tenant, id) ON DELETE CASCADE
);

-- Objects with errors that administrators were told of.
ALTER TABLE sync_sources ADD COLUMN told_faults ${text};

-- Everything is read once more, and every group is written anew with its identifier.
UPDATE sync_sources SET wants_full = TRUE;
UPDATE sync_objects SET attributes = '{}' WHERE kind = 'GROUP';
