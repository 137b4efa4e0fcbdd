CREATE TABLE deployments (
    service TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    environment TEXT NOT NULL,
    commit_sha TEXT NOT NULL,
    started_at INTEGER,
    finished_at INTEGER NOT NULL,
    result TEXT NOT NULL,
    kind TEXT,
    changes TEXT,
    url TEXT,
    PRIMARY KEY (service, id)
) STRICT;
CREATE INDEX deployments_by_id ON deployments (id);
