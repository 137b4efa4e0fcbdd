CREATE TABLE reviews (
    change_id TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    author_id TEXT NOT NULL,
    author_kind TEXT,
    state TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    commit_sha TEXT,
    PRIMARY KEY (change_id, id)
) STRICT;
CREATE INDEX reviews_by_id ON reviews (id);
