-- How a session was proved: RFC 8176 names with spaces between them, when a second factor was, and the device as a
-- person would call it.
ALTER TABLE sessions ADD COLUMN methods ${text} NOT NULL DEFAULT 'pwd';
ALTER TABLE sessions ADD COLUMN mfa BIGINT;
ALTER TABLE sessions ADD COLUMN device ${text} NOT NULL DEFAULT '';

-- What users prove themselves with beside or instead of the password, and since when the password is theirs.
-- credential: the public id of a passkey, unique in the service. secret: sealed by the key ring, or a hash.
-- counter: newest time step of a one-time password, signature counter of a passkey, uses left of a pass.
-- version: counts changes, so that nothing is used twice.
CREATE TABLE authentication_methods (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    kind ${text} NOT NULL,
    name ${text} NOT NULL,
    credential ${text} UNIQUE,
    secret ${text} NOT NULL,
    counter BIGINT NOT NULL,
    starts BIGINT,
    expires BIGINT,
    created BIGINT NOT NULL,
    last_used BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (tenant, user_id, id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);

-- Sign-in of a tenant's users as JSON; empty: as shipped.
ALTER TABLE tenant_settings ADD COLUMN sign_in ${text} NOT NULL DEFAULT '{}';
