-- A person's word over a derived link, keyed by domain id, so that it survives replay.
CREATE TABLE corrections (
    kind TEXT COLLATE "C" NOT NULL,
    subject_id TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, subject_id, field, made_at)
);
