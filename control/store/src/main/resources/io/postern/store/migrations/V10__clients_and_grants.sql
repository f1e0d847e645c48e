-- What registrations say as OAuth clients and resources beside their redirect URIs: JSON.
CREATE TABLE client_settings (
    tenant ${text} NOT NULL,
    application ${text} NOT NULL,
    settings ${text} NOT NULL,
    PRIMARY KEY (tenant, application),
    FOREIGN KEY (tenant, application) REFERENCES applications (tenant, id) ON DELETE CASCADE
);

-- What a client proves itself with. fingerprint: SHA-256 of the secret, or of the certificate's DER.
CREATE TABLE client_credentials (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    application ${text} NOT NULL,
    kind ${text} NOT NULL CHECK (kind IN ('SECRET', 'CERTIFICATE')),
    display_name ${text} NOT NULL,
    fingerprint ${text} NOT NULL,
    hint ${text} NOT NULL,
    certificate ${text},
    starts BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, application, fingerprint),
    FOREIGN KEY (tenant, application) REFERENCES applications (tenant, id) ON DELETE CASCADE
);

-- A refresh token and all that came from it by rotation. Only the newest may be redeemed.
CREATE TABLE refresh_families (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL PRIMARY KEY,
    user_id ${text} NOT NULL,
    app_id ${text} NOT NULL,
    session_id ${text} NOT NULL,
    code_hash ${text},
    payload ${text} NOT NULL,
    current_hash ${text} NOT NULL,
    previous_hash ${text},
    generation BIGINT NOT NULL,
    created BIGINT NOT NULL,
    rotated BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    ended BIGINT,
    end_reason ${text},
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX refresh_families_by_user ON refresh_families (tenant, user_id);
CREATE INDEX refresh_families_by_app ON refresh_families (tenant, app_id);
CREATE INDEX refresh_families_by_session ON refresh_families (tenant, session_id);
CREATE INDEX refresh_families_by_code ON refresh_families (code_hash);
CREATE INDEX refresh_families_by_expiry ON refresh_families (expires);

-- Consent. principal: the user, or empty text for everybody of the tenant.
CREATE TABLE permission_grants (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    client ${text} NOT NULL,
    principal ${text} NOT NULL,
    resource ${text} NOT NULL,
    scopes ${text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, client, principal, resource),
    FOREIGN KEY (tenant, client) REFERENCES service_principals (tenant, id) ON DELETE CASCADE
);
CREATE INDEX permission_grants_by_principal ON permission_grants (tenant, principal);

CREATE TABLE device_codes (
    device_hash ${text} NOT NULL PRIMARY KEY,
    user_code ${text} NOT NULL UNIQUE,
    tenant ${text} NOT NULL REFERENCES tenants (id),
    app_id ${text} NOT NULL,
    payload ${text} NOT NULL,
    state ${text} NOT NULL CHECK (state IN ('WAITING', 'ALLOWED', 'DECLINED', 'TAKEN')),
    answer ${text},
    poll_interval INTEGER NOT NULL,
    polled BIGINT,
    expires BIGINT NOT NULL
);
CREATE INDEX device_codes_by_expiry ON device_codes (expires);

-- Which clients a browser session signed its user in to: they are told when it is there no more.
CREATE TABLE session_clients (
    tenant ${text} NOT NULL,
    session_id ${text} NOT NULL,
    app_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    attempts INTEGER NOT NULL,
    next_try BIGINT NOT NULL,
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, session_id, app_id)
);
CREATE INDEX session_clients_by_expiry ON session_clients (keep_until);
