CREATE TABLE reviews (
    change_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    author_id TEXT COLLATE "C" NOT NULL,
    author_kind TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    submitted_at BIGINT NOT NULL,
    commit_sha TEXT COLLATE "C",
    PRIMARY KEY (change_id, id)
);
CREATE INDEX reviews_by_id ON reviews (id);
