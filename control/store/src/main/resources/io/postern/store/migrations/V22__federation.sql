-- Upstream identity providers; settings is one JSON document. sealed: the client secret, or the private key of our
-- SAML side.
CREATE TABLE identity_providers (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    display_name ${text} NOT NULL,
    settings ${text} NOT NULL,
    sealed ${text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- For which domains of user names it speaks: one provider for each.
CREATE TABLE identity_provider_domains (
    tenant ${text} NOT NULL,
    domain ${text} NOT NULL,
    provider ${text} NOT NULL,
    PRIMARY KEY (tenant, domain),
    FOREIGN KEY (tenant, provider) REFERENCES identity_providers (tenant, id) ON DELETE CASCADE
);
CREATE INDEX identity_provider_domains_by_provider ON identity_provider_domains (tenant, provider);

-- What was fetched from it last: keys, metadata.
CREATE TABLE identity_provider_documents (
    tenant ${text} NOT NULL,
    provider ${text} NOT NULL,
    name ${text} NOT NULL,
    body ${text} NOT NULL,
    fetched BIGINT NOT NULL,
    PRIMARY KEY (tenant, provider, name),
    FOREIGN KEY (tenant, provider) REFERENCES identity_providers (tenant, id) ON DELETE CASCADE
);

-- Who is who: the subject never goes to another person.
CREATE TABLE federated_identities (
    tenant ${text} NOT NULL,
    provider ${text} NOT NULL,
    subject ${text} NOT NULL,
    user_id ${text} NOT NULL,
    origin ${text} NOT NULL,
    linked BIGINT NOT NULL,
    last_used BIGINT NOT NULL,
    PRIMARY KEY (tenant, provider, subject),
    UNIQUE (tenant, provider, user_id),
    FOREIGN KEY (tenant, provider) REFERENCES identity_providers (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX federated_identities_by_user ON federated_identities (tenant, user_id);

-- Which session there belongs to which one here, for a sign-out that ends both. sealed: what the upstream wants to see.
CREATE TABLE federated_sessions (
    tenant ${text} NOT NULL,
    session_id ${text} NOT NULL,
    provider ${text} NOT NULL,
    sealed ${text} NOT NULL,
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, session_id),
    FOREIGN KEY (tenant, provider) REFERENCES identity_providers (tenant, id) ON DELETE CASCADE
);
CREATE INDEX federated_sessions_by_provider ON federated_sessions (tenant, provider);
CREATE INDEX federated_sessions_by_expiry ON federated_sessions (keep_until);
