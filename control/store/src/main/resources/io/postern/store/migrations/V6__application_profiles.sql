-- What people see of an application and no gateway needs: notes of its administrators, and its logo in base64.
CREATE TABLE application_profiles (
    tenant ${text} NOT NULL,
    application ${text} NOT NULL,
    notes ${text},
    logo_type ${text},
    logo ${text},
    PRIMARY KEY (tenant, application),
    FOREIGN KEY (tenant, application) REFERENCES applications (tenant, id) ON DELETE CASCADE
);
