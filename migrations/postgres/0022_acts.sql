-- What people did here, in order. Rows are only added; each hash is over the one before and its row.
CREATE TABLE acts (
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_whom TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C" NOT NULL,
    after TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (number)
);
