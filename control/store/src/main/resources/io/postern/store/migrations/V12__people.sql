-- What is known of people besides their names, what they may be in an application, and for how long.

-- attributes: JSON object, Graph name to list of values
ALTER TABLE users ADD COLUMN attributes ${text} NOT NULL DEFAULT '{}';

-- app_roles: JSON list
ALTER TABLE applications ADD COLUMN app_roles ${text} NOT NULL DEFAULT '[]';

-- anew, because an application may have a role now and SQLite cannot change a CHECK
CREATE TABLE assignments_with_dates (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    principal_type ${text} NOT NULL CHECK (principal_type IN ('USER', 'GROUP', 'SERVICE_PRINCIPAL')),
    principal ${text} NOT NULL,
    resource ${text} NOT NULL,
    app_role ${text} NOT NULL,
    created BIGINT NOT NULL,
    starts BIGINT,
    ends BIGINT,
    reason ${text},
    assigned_by ${text},
    last_used BIGINT,
    reviewed BIGINT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, resource, principal, app_role),
    FOREIGN KEY (tenant, resource) REFERENCES service_principals (tenant, id) ON DELETE CASCADE
);
INSERT INTO assignments_with_dates (tenant, id, principal_type, principal, resource, app_role, created)
    SELECT tenant, id, principal_type, principal, resource, app_role, created FROM assignments;
DROP TABLE assignments;
ALTER TABLE assignments_with_dates RENAME TO assignments;
CREATE INDEX assignments_by_principal ON assignments (tenant, principal);
CREATE INDEX assignments_by_start ON assignments (starts) WHERE starts IS NOT NULL;
CREATE INDEX assignments_by_end ON assignments (ends) WHERE ends IS NOT NULL;
