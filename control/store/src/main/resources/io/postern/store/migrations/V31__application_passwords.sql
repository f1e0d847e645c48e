-- With what a connector opens what is sealed for it: the public half of its own key.
CREATE TABLE connector_seal_keys (
    tenant ${text} NOT NULL,
    connector ${text} NOT NULL,
    public_key ${text} NOT NULL,
    PRIMARY KEY (tenant, connector),
    FOREIGN KEY (tenant, connector) REFERENCES connectors (tenant, id) ON DELETE CASCADE
);

-- As whom a user, or every member of a group, is signed in at an application. principal: id of the one that is set of
-- user_id and group_id. version: another one after each change. The password itself is in sealed_passwords only.
CREATE TABLE application_passwords (
    tenant ${text} NOT NULL,
    resource ${text} NOT NULL,
    principal ${text} NOT NULL,
    user_id ${text},
    group_id ${text},
    user_name ${text} NOT NULL,
    version ${text} NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (tenant, resource, principal),
    FOREIGN KEY (tenant, resource) REFERENCES service_principals (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, group_id) REFERENCES user_groups (tenant, id) ON DELETE CASCADE,
    CHECK ((user_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX application_passwords_by_user ON application_passwords (tenant, user_id);
CREATE INDEX application_passwords_by_group ON application_passwords (tenant, group_id);

-- The password, sealed to the key of one connector each; the service can open none.
CREATE TABLE sealed_passwords (
    tenant ${text} NOT NULL,
    resource ${text} NOT NULL,
    principal ${text} NOT NULL,
    connector ${text} NOT NULL,
    sealed ${text} NOT NULL,
    PRIMARY KEY (tenant, resource, principal, connector),
    FOREIGN KEY (tenant, resource, principal) REFERENCES application_passwords (tenant, resource, principal)
        ON DELETE CASCADE,
    FOREIGN KEY (tenant, connector) REFERENCES connector_seal_keys (tenant, connector) ON DELETE CASCADE
);
CREATE INDEX sealed_passwords_by_connector ON sealed_passwords (tenant, connector);
