-- Who may change an application without holding a role that may change all of them.
CREATE TABLE application_owners (
    tenant ${text} NOT NULL,
    application ${text} NOT NULL,
    user_id ${text} NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (tenant, application, user_id),
    FOREIGN KEY (tenant, application) REFERENCES applications (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX application_owners_by_user ON application_owners (tenant, user_id);
