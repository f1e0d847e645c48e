-- A service provider names the session that shall end; anybody may ask, so the answer must not cost a scan.
CREATE INDEX logout_participants_by_index ON logout_participants (tenant, session_index);
