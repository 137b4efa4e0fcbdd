CREATE TABLE deployments (
    service TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    environment TEXT COLLATE "C" NOT NULL,
    commit_sha TEXT COLLATE "C" NOT NULL,
    started_at BIGINT,
    finished_at BIGINT NOT NULL,
    result TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C",
    changes TEXT COLLATE "C",
    url TEXT COLLATE "C",
    PRIMARY KEY (service, id)
);
CREATE INDEX deployments_by_id ON deployments (id);
