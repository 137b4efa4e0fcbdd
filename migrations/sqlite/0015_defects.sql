-- The service is empty where the sender names none: a column of the key is never null.
CREATE TABLE defects (
    service TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    title TEXT,
    found_at INTEGER NOT NULL,
    found_in TEXT,
    resolved_at INTEGER,
    resolution TEXT,
    severity TEXT,
    introduced_by_kind TEXT,
    introduced_by_id TEXT,
    PRIMARY KEY (service, id)
) STRICT;
CREATE INDEX defects_by_id ON defects (id);
CREATE INDEX defects_by_find ON defects (service, found_at);
