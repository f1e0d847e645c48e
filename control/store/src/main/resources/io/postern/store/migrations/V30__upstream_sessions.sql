-- By what an upstream names the session when it ends there: hashes of its subject and of its sid or SessionIndex, empty
-- where it said none.
ALTER TABLE federated_sessions ADD COLUMN subject ${text} NOT NULL DEFAULT '';
ALTER TABLE federated_sessions ADD COLUMN session_index ${text} NOT NULL DEFAULT '';
DROP INDEX federated_sessions_by_provider;
CREATE INDEX federated_sessions_by_subject ON federated_sessions (tenant, provider, subject);
CREATE INDEX federated_sessions_by_index ON federated_sessions (tenant, provider, session_index);
