-- What administrators are told of, once each. told: mail for them was written; hook: how far the webhook is.
-- arguments: JSON list, what the texts of this kind are filled with.
CREATE TABLE alerts (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    kind ${text} NOT NULL,
    about ${text} NOT NULL,
    arguments ${text} NOT NULL,
    created BIGINT NOT NULL,
    told BOOLEAN NOT NULL,
    hook ${text} NOT NULL CHECK (hook IN ('WAITING', 'SENT', 'FAILED')),
    due BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, about)
);
CREATE INDEX alerts_untold ON alerts (told, created);
CREATE INDEX alerts_by_hook ON alerts (hook, due);
CREATE INDEX alerts_by_age ON alerts (created);

-- Who is told in place of those who hold the roles: JSON lists of mail addresses.
CREATE TABLE alert_recipients (
    tenant ${text} PRIMARY KEY REFERENCES tenants (id),
    technical ${text} NOT NULL,
    security ${text} NOT NULL
);
