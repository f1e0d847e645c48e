-- Applications that a browser session signed its user on to, by whichever protocol, and how far single logout has come
-- with each. request_id: of the logout request that the application shall answer.
CREATE TABLE logout_participants (
    tenant ${text} NOT NULL,
    session_id ${text} NOT NULL,
    app_id ${text} NOT NULL,
    protocol ${text} NOT NULL,
    address ${text} NOT NULL,
    session_index ${text} NOT NULL,
    name_id ${text} NOT NULL,
    name_id_format ${text} NOT NULL,
    sp_name_qualifier ${text},
    outcome ${text} NOT NULL,
    request_id ${text} NOT NULL,
    keep_until BIGINT NOT NULL,
    PRIMARY KEY (tenant, session_id, app_id, protocol)
);
CREATE INDEX logout_participants_by_request ON logout_participants (tenant, request_id);
CREATE INDEX logout_participants_by_expiry ON logout_participants (keep_until);
INSERT INTO logout_participants
    SELECT tenant, session_id, app_id, 'SAML', '', session_index, name_id, name_id_format, sp_name_qualifier,
        'SIGNED_ON', '', keep_until
    FROM saml_participants;
DROP TABLE saml_participants;
