-- The service is empty where the sender names none: a column of the key is never null.
CREATE TABLE defects (
    service TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    title TEXT COLLATE "C",
    found_at BIGINT NOT NULL,
    found_in TEXT COLLATE "C",
    resolved_at BIGINT,
    resolution TEXT COLLATE "C",
    severity TEXT COLLATE "C",
    introduced_by_kind TEXT COLLATE "C",
    introduced_by_id TEXT COLLATE "C",
    PRIMARY KEY (service, id)
);
CREATE INDEX defects_by_id ON defects (id);
CREATE INDEX defects_by_find ON defects (service, found_at);
