-- A person's word over a derived link, keyed by domain id, so that it survives replay.
CREATE TABLE corrections (
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    field TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_by TEXT NOT NULL,
    PRIMARY KEY (kind, subject_id, field, made_at)
) STRICT;
