-- Programs that provision users and groups here by SCIM, and what each of them knows a person or group by.
CREATE TABLE provisioning_clients (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    display_name ${text} NOT NULL,
    name_key ${text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name_key)
);

CREATE TABLE provisioning_tokens (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    client ${text} NOT NULL,
    secret_hash ${text} NOT NULL UNIQUE,
    created BIGINT NOT NULL,
    expires BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, client) REFERENCES provisioning_clients (tenant, id) ON DELETE CASCADE
);
CREATE INDEX provisioning_tokens_by_client ON provisioning_tokens (tenant, client);

-- rest: JSON object, what the client said that has no place in a user
CREATE TABLE provisioned_users (
    tenant ${text} NOT NULL,
    client ${text} NOT NULL,
    resource ${text} NOT NULL,
    external_id ${text},
    rest ${text} NOT NULL,
    PRIMARY KEY (tenant, client, resource),
    UNIQUE (tenant, client, external_id),
    FOREIGN KEY (tenant, client) REFERENCES provisioning_clients (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, resource) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX provisioned_users_by_resource ON provisioned_users (tenant, resource);

CREATE TABLE provisioned_groups (
    tenant ${text} NOT NULL,
    client ${text} NOT NULL,
    resource ${text} NOT NULL,
    external_id ${text},
    rest ${text} NOT NULL,
    PRIMARY KEY (tenant, client, resource),
    UNIQUE (tenant, client, external_id),
    FOREIGN KEY (tenant, client) REFERENCES provisioning_clients (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, resource) REFERENCES user_groups (tenant, id) ON DELETE CASCADE
);
CREATE INDEX provisioned_groups_by_resource ON provisioned_groups (tenant, resource);
