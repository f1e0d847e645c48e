-- Claims policies that applications share; the definition is JSON as it was sent.
CREATE TABLE claims_mapping_policies (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    display_name ${text} NOT NULL,
    definition ${text} NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- By which of them an application goes: one at most. One that is gone by cannot be deleted.
CREATE TABLE claims_mapping_assignments (
    tenant ${text} NOT NULL,
    app_id ${text} NOT NULL,
    policy ${text} NOT NULL,
    PRIMARY KEY (tenant, app_id),
    FOREIGN KEY (tenant, app_id) REFERENCES saml_sign_ons (tenant, app_id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, policy) REFERENCES claims_mapping_policies (tenant, id)
);
CREATE INDEX claims_mapping_assignments_by_policy ON claims_mapping_assignments (tenant, policy);
