-- Computers of a domain sign users in; the keytab is sealed, networks are a JSON list.
CREATE TABLE desktop_sign_in (
    tenant ${text} PRIMARY KEY,
    enabled BOOLEAN NOT NULL,
    principal ${text} NOT NULL,
    suffix ${text} NOT NULL,
    networks ${text} NOT NULL,
    sealed_keytab ${text} NOT NULL
);
