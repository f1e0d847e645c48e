-- What users may ask for (4.4): an application, whose askers become members of the group, or the group itself.
-- target: id of the service principal, else of the group.
CREATE TABLE access_offers (
    tenant ${text} NOT NULL,
    target ${text} NOT NULL,
    resource ${text},
    group_id ${text} NOT NULL,
    approval BOOLEAN NOT NULL,
    days INTEGER,
    PRIMARY KEY (tenant, target),
    FOREIGN KEY (tenant, resource) REFERENCES service_principals (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, group_id) REFERENCES user_groups (tenant, id) ON DELETE CASCADE
);
CREATE INDEX access_offers_by_group ON access_offers (tenant, group_id);

CREATE TABLE access_approvers (
    tenant ${text} NOT NULL,
    target ${text} NOT NULL,
    user_id ${text} NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (tenant, target, user_id),
    FOREIGN KEY (tenant, target) REFERENCES access_offers (tenant, target) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX access_approvers_by_user ON access_approvers (tenant, user_id);

-- They outlive the offer: access that was granted for a time ends then all the same.
CREATE TABLE access_requests (
    tenant ${text} NOT NULL,
    id ${text} NOT NULL,
    target ${text} NOT NULL,
    group_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    state ${text} NOT NULL CHECK (state IN ('PENDING', 'GRANTED', 'DENIED', 'WITHDRAWN', 'LAPSED', 'ENDED')),
    reason ${text},
    created BIGINT NOT NULL,
    decided BIGINT,
    decided_by ${text},
    answer ${text},
    ends BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, group_id) REFERENCES user_groups (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX access_requests_one_pending ON access_requests (tenant, target, user_id) WHERE state = 'PENDING';
CREATE INDEX access_requests_by_user ON access_requests (tenant, user_id);
CREATE INDEX access_requests_by_state ON access_requests (state, ends);
CREATE INDEX access_requests_in_order ON access_requests (tenant, created, id);

-- Mail that waits to be sent, written with what it tells of; once sent its words go, and what it was about stays for a
-- while, so that it is told once.
CREATE TABLE notices (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    about ${text} NOT NULL,
    recipient ${text} NOT NULL,
    subject ${text} NOT NULL,
    body ${text} NOT NULL,
    state ${text} NOT NULL CHECK (state IN ('WAITING', 'SENT', 'FAILED')),
    created BIGINT NOT NULL,
    due BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    fault ${text},
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, about, recipient)
);
CREATE INDEX notices_in_order ON notices (state, due);
CREATE INDEX notices_by_age ON notices (created);

-- Applications put together for My Apps (4.5), by an administrator for many or by a user for himself (owner). Apps and
-- people are JSON lists of ids; one that is gone is passed over.
CREATE TABLE app_collections (
    tenant ${text} NOT NULL REFERENCES tenants (id),
    id ${text} NOT NULL,
    owner ${text},
    name ${text} NOT NULL,
    description ${text},
    apps ${text} NOT NULL,
    people ${text} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, owner) REFERENCES users (tenant, id) ON DELETE CASCADE
);
CREATE INDEX app_collections_by_owner ON app_collections (tenant, owner);

-- How a user arranged his tiles.
CREATE TABLE app_arrangements (
    tenant ${text} NOT NULL,
    user_id ${text} NOT NULL,
    in_order ${text} NOT NULL,
    hidden ${text} NOT NULL,
    PRIMARY KEY (tenant, user_id),
    FOREIGN KEY (tenant, user_id) REFERENCES users (tenant, id) ON DELETE CASCADE
);
