-- Service providers that a browser session signed its user on to, with what they know of him: for single logout.
CREATE TABLE saml_participants (
    tenant ${text} NOT NULL,
    session_id ${text} NOT NULL,
    app_id ${text} NOT NULL,
    session_index ${text} NOT NULL,
    name_id ${text} NOT NULL,
    name_id_format ${text} NOT NULL,
    sp_name_qualifier ${text},
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, session_id, app_id)
);
CREATE INDEX saml_participants_by_expiry ON saml_participants (keep_until);
