-- Guests who were invited (4.2), and how far that is; whether they accepted is an attribute of the user. address: lower
-- case. token_hash: of the link by which the guest proves his address, none once it was used. told: his sponsors know
-- that his access ends.
CREATE TABLE guests (
    tenant ${text} NOT NULL,
    user_id ${text} NOT NULL,
    address ${text} NOT NULL,
    invited_by ${text} NOT NULL,
    redirect_url ${text} NOT NULL,
    language ${text},
    created BIGINT NOT NULL,
    token_hash ${text} UNIQUE,
    token_expires BIGINT,
    access_ends BIGINT,
    told BOOLEAN NOT NULL,
    PRIMARY KEY (tenant, user_id),
    UNIQUE (tenant, address),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX guests_by_end ON guests (access_ends) WHERE access_ends IS NOT NULL;

-- Users who answer for a guest.
CREATE TABLE user_sponsors (
    tenant ${text} NOT NULL,
    user_id ${text} NOT NULL,
    sponsor ${text} NOT NULL,
    PRIMARY KEY (tenant, user_id, sponsor),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, sponsor) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX user_sponsors_by_sponsor ON user_sponsors (tenant, sponsor);

-- allowed, blocked: JSON lists of domains
CREATE TABLE guest_policies (
    tenant ${text} PRIMARY KEY REFERENCES tenants (id),
    inviters ${text} NOT NULL,
    allowed ${text} NOT NULL,
    blocked ${text} NOT NULL,
    invitation_days INTEGER NOT NULL,
    access_days INTEGER
);
