-- Names outside the base domain, the certificates for them, and how those are ordered.

-- a name may be claimed by several tenants, but belongs to the one that proved it
CREATE TABLE domains (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    name ${text} NOT NULL,
    proof ${text} NOT NULL,
    automatic BOOLEAN NOT NULL,
    verified BIGINT,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
);
CREATE UNIQUE INDEX domains_proven ON domains (name) WHERE verified IS NOT NULL;

-- sealed: chain and key as PEM, under the key file
CREATE TABLE certificates (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL PRIMARY KEY,
    hosts ${text} NOT NULL,
    thumbprint ${text} NOT NULL,
    subject ${text} NOT NULL,
    issuer ${text} NOT NULL,
    issued BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    ordered BOOLEAN NOT NULL,
    sealed ${text} NOT NULL,
    created BIGINT NOT NULL
);

-- a standing order: it stays, and falls due again when its certificate is to be renewed
CREATE TABLE certificate_orders (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL PRIMARY KEY,
    hosts ${text} NOT NULL,
    state ${text} NOT NULL,
    problem ${text} NOT NULL,
    attempts INTEGER NOT NULL,
    due BIGINT NOT NULL,
    certificate ${text},
    created BIGINT NOT NULL
);

-- what every gateway answers while an order is checked
CREATE TABLE acme_challenges (
    kind ${text} NOT NULL,
    name ${text} NOT NULL,
    content ${text} NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);
