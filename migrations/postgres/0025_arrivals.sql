-- How many records each source brought to a stream, by the hour (its first instant, UTC): what is new,
-- what was known already, what was refused. Of deliveries before this table the sender is known and not
-- the source that a record names, and all that they held counts as new.
CREATE TABLE arrivals (
    source TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    hour_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    deliveries BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    PRIMARY KEY (source, stream, hour_at)
);
CREATE INDEX arrivals_by_hour ON arrivals (hour_at);
INSERT INTO arrivals (source, stream, hour_at, last_at, deliveries, accepted, repeated, refused)
SELECT source, stream, received_at / 3600000 * 3600000, MAX(received_at), COUNT(*), CAST(SUM(records) AS BIGINT), 0, 0
FROM raw GROUP BY source, stream, received_at / 3600000;

-- The records that were set aside, by the source that sent them.
CREATE INDEX raw_refused_by_source ON raw_refused (source, received_at);
