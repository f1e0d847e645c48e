-- What holds for all applications of a tenant; no row: nothing was set.

-- brand_logo: base64
CREATE TABLE tenant_settings (
    tenant ${text} NOT NULL PRIMARY KEY REFERENCES tenants (id),
    requests_per_second INTEGER,
    application_requests_per_second INTEGER,
    brand_name ${text},
    brand_colour ${text},
    brand_logo ${text}
);
