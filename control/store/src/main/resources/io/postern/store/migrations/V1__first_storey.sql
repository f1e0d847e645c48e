-- Instants are microseconds since 1970 in UTC. Lists and settings are JSON text. A column that ends in
-- _key holds a name folded to one case. ${text} compares byte by byte on both databases.

CREATE TABLE configuration (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO configuration (id, version) VALUES (1, 1);

CREATE TABLE tenants (
    id ${text} NOT NULL PRIMARY KEY,
    name ${text} NOT NULL,
    name_key ${text} NOT NULL UNIQUE,
    display_name ${text} NOT NULL,
    domain ${text} NOT NULL,
    domain_key ${text} NOT NULL UNIQUE,
    created BIGINT NOT NULL
);

CREATE TABLE users (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    user_principal_name ${text} NOT NULL,
    user_principal_name_key ${text} NOT NULL UNIQUE,
    display_name ${text} NOT NULL,
    given_name ${text},
    surname ${text},
    mail ${text},
    account_enabled BOOLEAN NOT NULL,
    password_hash ${text},
    force_change_password BOOLEAN NOT NULL,
    sessions_valid_from BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX users_in_order ON users (tenant, user_principal_name_key);

CREATE TABLE user_groups (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    display_name ${text} NOT NULL,
    description ${text},
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX user_groups_in_order ON user_groups (tenant, display_name, id);

CREATE TABLE group_members (
    tenant ${text} NOT NULL,
    group_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    PRIMARY KEY (tenant, group_id, user_id),
    FOREIGN KEY (tenant, group_id) REFERENCES user_groups (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX group_members_by_user ON group_members (tenant, user_id);

-- principal: a user, or a service principal
CREATE TABLE role_assignments (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    principal ${text} NOT NULL,
    role_template ${text} NOT NULL,
    PRIMARY KEY (tenant, principal, role_template)
);

CREATE TABLE connector_groups (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    name ${text} NOT NULL,
    name_key ${text} NOT NULL,
    is_default BOOLEAN NOT NULL,
    region ${text},
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name_key)
);
CREATE UNIQUE INDEX connector_groups_one_default ON connector_groups (tenant) WHERE is_default;

CREATE TABLE connectors (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL UNIQUE,
    group_id ${text} NOT NULL,
    machine_name ${text} NOT NULL,
    external_ip ${text},
    version ${text} NOT NULL,
    certificate_fingerprint ${text} NOT NULL UNIQUE,
    certificate_expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    last_seen BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, group_id) REFERENCES connector_groups (tenant, id)
);
CREATE INDEX connectors_by_group ON connectors (tenant, group_id);

CREATE TABLE enrollment_tokens (
    secret_hash ${text} NOT NULL PRIMARY KEY,
    tenant ${text} NOT NULL,
    group_id ${text} NOT NULL,
    expires BIGINT NOT NULL,
    FOREIGN KEY (tenant, group_id) REFERENCES connector_groups (tenant, id) ON DELETE CASCADE
);

-- an external host belongs to one tenant; its applications differ by path (PUB-10)
CREATE TABLE external_hosts (
    host ${text} NOT NULL PRIMARY KEY,
    tenant ${text} NOT NULL REFERENCES tenants (id),
    UNIQUE (tenant, host)
);

CREATE TABLE applications (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    app_id ${text} NOT NULL UNIQUE,
    display_name ${text} NOT NULL,
    identifier_uris ${text} NOT NULL,
    redirect_uris ${text} NOT NULL,
    home_page_url ${text},
    external_host ${text},
    external_path ${text},
    publishing ${text},
    group_id ${text},
    public_client BOOLEAN NOT NULL,
    is_system BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (external_host, external_path),
    FOREIGN KEY (tenant, external_host) REFERENCES external_hosts (tenant, host),
    FOREIGN KEY (tenant, group_id) REFERENCES connector_groups (tenant, id)
);
CREATE INDEX applications_by_group ON applications (tenant, group_id);

CREATE TABLE service_principals (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    app_id ${text} NOT NULL,
    display_name ${text} NOT NULL,
    account_enabled BOOLEAN NOT NULL,
    assignment_required BOOLEAN NOT NULL,
    tags ${text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, app_id)
);

CREATE TABLE assignments (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    principal_type ${text} NOT NULL CHECK (principal_type IN ('USER', 'GROUP')),
    principal ${text} NOT NULL,
    resource ${text} NOT NULL,
    app_role ${text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, resource, principal, app_role),
    FOREIGN KEY (tenant, resource) REFERENCES service_principals (tenant, id) ON DELETE CASCADE
);
CREATE INDEX assignments_by_principal ON assignments (tenant, principal);

CREATE TABLE api_credentials (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    principal ${text} NOT NULL,
    display_name ${text} NOT NULL,
    secret_hash ${text} NOT NULL UNIQUE,
    created BIGINT NOT NULL,
    expires BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, principal) REFERENCES service_principals (tenant, id) ON DELETE CASCADE
);

CREATE TABLE signing_keys (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    key_id ${text} NOT NULL,
    public_jwk ${text} NOT NULL,
    sealed_private_jwk ${text} NOT NULL,
    activates BIGINT NOT NULL,
    retires BIGINT,
    PRIMARY KEY (tenant, key_id)
);

CREATE TABLE sessions (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL UNIQUE,
    user_id ${text} NOT NULL,
    secret_hash ${text} NOT NULL UNIQUE,
    authenticated BIGINT NOT NULL,
    last_used BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    persistent BOOLEAN NOT NULL,
    address ${text} NOT NULL,
    user_agent ${text} NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_user ON sessions (tenant, user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires);

CREATE TABLE authorization_codes (
    code_hash ${text} NOT NULL PRIMARY KEY,
    payload ${text} NOT NULL,
    expires BIGINT NOT NULL,
    taken BOOLEAN NOT NULL
);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires);

-- these outlive the session and the user that they speak of
CREATE TABLE ended_sessions (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    session_id ${text} NOT NULL,
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, session_id)
);

CREATE TABLE revoked_users (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    user_id ${text} NOT NULL,
    not_before BIGINT NOT NULL,
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, user_id)
);

-- keyed by the name as typed: it need not be anybody's
CREATE TABLE sign_in_attempts (
    account ${text} NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    locked_until BIGINT,
    recent_wrong ${text} NOT NULL,
    updated BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (updated);

CREATE TABLE once_only (
    purpose ${text} NOT NULL,
    name ${text} NOT NULL,
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (purpose, name)
);
CREATE INDEX once_only_by_expiry ON once_only (keep_until);

CREATE TABLE secrets (
    name ${text} NOT NULL PRIMARY KEY,
    sealed ${text} NOT NULL
);

CREATE TABLE audit_entries (
    place ${sequence},
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    happened BIGINT NOT NULL,
    activity ${text} NOT NULL,
    category ${text} NOT NULL,
    initiated_by ${text} NOT NULL,
    address ${text},
    target_type ${text} NOT NULL,
    target_id ${text} NOT NULL,
    target_name ${text} NOT NULL,
    result ${text} NOT NULL,
    details ${text} NOT NULL,
    UNIQUE (tenant, id)
);
CREATE INDEX audit_entries_in_order ON audit_entries (tenant, happened, place);
