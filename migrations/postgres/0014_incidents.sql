-- The service is empty where the sender names none: a column of the key is never null.
CREATE TABLE incidents (
    service TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    severity TEXT COLLATE "C",
    kind TEXT COLLATE "C",
    title TEXT COLLATE "C",
    started_at BIGINT NOT NULL,
    acknowledged_at BIGINT,
    resolved_at BIGINT,
    caused_by_kind TEXT COLLATE "C",
    caused_by_id TEXT COLLATE "C",
    url TEXT COLLATE "C",
    PRIMARY KEY (service, id)
);
CREATE INDEX incidents_by_id ON incidents (id);
CREATE INDEX incidents_by_start ON incidents (service, started_at);
CREATE INDEX incidents_by_cause ON incidents (caused_by_kind, caused_by_id);
