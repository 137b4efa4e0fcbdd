-- The service is empty where the sender names none: a column of the key is never null.
CREATE TABLE incidents (
    service TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    severity TEXT,
    kind TEXT,
    title TEXT,
    started_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    resolved_at INTEGER,
    caused_by_kind TEXT,
    caused_by_id TEXT,
    url TEXT,
    PRIMARY KEY (service, id)
) STRICT;
CREATE INDEX incidents_by_id ON incidents (id);
CREATE INDEX incidents_by_start ON incidents (service, started_at);
CREATE INDEX incidents_by_cause ON incidents (caused_by_kind, caused_by_id);
