-- How applications sign their users on; the settings are JSON with the names of the API.
CREATE TABLE saml_sign_ons (
    tenant ${text} NOT NULL,
    app_id ${text} NOT NULL,
    mode ${text} NOT NULL,
    settings ${text} NOT NULL,
    PRIMARY KEY (tenant, app_id),
    FOREIGN KEY (tenant, app_id) REFERENCES service_principals (tenant, app_id) ON DELETE CASCADE
);

-- By which entity ids requests find their application: one each within a tenant.
CREATE TABLE saml_identifiers (
    tenant ${text} NOT NULL,
    identifier ${text} NOT NULL,
    app_id ${text} NOT NULL,
    PRIMARY KEY (tenant, identifier),
    FOREIGN KEY (tenant, app_id) REFERENCES saml_sign_ons (tenant, app_id) ON DELETE CASCADE
);
CREATE INDEX saml_identifiers_by_app ON saml_identifiers (tenant, app_id);

-- With what assertions for an application are signed. sealed: the private key, sealed to the key id.
CREATE TABLE saml_certificates (
    tenant ${text} NOT NULL,
    app_id ${text} NOT NULL,
    key_id ${text} NOT NULL,
    display_name ${text} NOT NULL,
    thumbprint ${text} NOT NULL,
    certificate ${text} NOT NULL,
    sealed ${text} NOT NULL,
    active BOOLEAN NOT NULL,
    starts BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, key_id),
    FOREIGN KEY (tenant, app_id) REFERENCES service_principals (tenant, app_id) ON DELETE CASCADE
);
CREATE INDEX saml_certificates_by_app ON saml_certificates (tenant, app_id);
