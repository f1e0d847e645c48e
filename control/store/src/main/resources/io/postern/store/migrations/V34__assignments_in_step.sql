-- Applications whose assignments are those of another one: whatever becomes of the leader's becomes of theirs, in the
-- same transaction.
CREATE TABLE assignments_in_step (
    tenant ${text} NOT NULL,
    follower ${text} NOT NULL,
    leader ${text} NOT NULL,
    PRIMARY KEY (tenant, follower),
    FOREIGN KEY (tenant, follower) REFERENCES service_principals (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, leader) REFERENCES service_principals (tenant, id) ON DELETE CASCADE
);
CREATE INDEX assignments_in_step_by_leader ON assignments_in_step (tenant, leader);
