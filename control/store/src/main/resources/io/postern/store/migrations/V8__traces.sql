-- Recordings of one user's exchanges with one application, while somebody looks for a fault. They go some time after
-- they have ended.

-- mark_key: hex
CREATE TABLE traces (
    id ${text} NOT NULL PRIMARY KEY,
    tenant ${text} NOT NULL,
    application ${text} NOT NULL,
    app_id ${text} NOT NULL,
    application_name ${text} NOT NULL,
    user_id ${text} NOT NULL,
    user_name ${text} NOT NULL,
    started_by ${text} NOT NULL,
    started BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    mark_key ${text} NOT NULL,
    exchanges INTEGER NOT NULL,
    bytes BIGINT NOT NULL,
    missed INTEGER NOT NULL,
    FOREIGN KEY (tenant, application) REFERENCES applications (tenant, id) ON DELETE CASCADE
);

-- entry: JSON
CREATE TABLE traced_exchanges (
    trace ${text} NOT NULL REFERENCES traces (id) ON DELETE CASCADE,
    exchange ${text} NOT NULL,
    started BIGINT NOT NULL,
    entry ${text} NOT NULL,
    PRIMARY KEY (trace, exchange)
);
