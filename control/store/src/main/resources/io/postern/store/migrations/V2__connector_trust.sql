-- A connector may be disabled, and holds a renewed certificate beside the old one until it has used it.
ALTER TABLE connectors ADD COLUMN account_enabled BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE connectors ADD COLUMN next_certificate_fingerprint ${text};
ALTER TABLE connectors ADD COLUMN next_certificate_expires BIGINT;
CREATE UNIQUE INDEX connectors_by_next_certificate ON connectors (next_certificate_fingerprint);

-- Tokens stay for a while after their use, so that a second use can be told to the tenant that it concerns.
-- Those of before are given up: they live for an hour.
DROP TABLE enrollment_tokens;
CREATE TABLE enrollment_tokens (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    secret_hash ${text} NOT NULL UNIQUE,
    group_id ${text} NOT NULL,
    created BIGINT NOT NULL,
    created_by ${text} NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT,
    connector ${text},
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, group_id) REFERENCES connector_groups (tenant, id) ON DELETE CASCADE
);
CREATE INDEX enrollment_tokens_by_expiry ON enrollment_tokens (expires);
