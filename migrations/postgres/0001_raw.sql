-- One row per delivery (a batch, a page, a file's slice), redacted and compressed.
CREATE TABLE raw (
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    records BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX raw_by_receipt ON raw (received_at);

-- Records that could not be taken in, with the reason, so that none is lost.
CREATE TABLE raw_refused (
    id TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    record_id TEXT COLLATE "C",
    field TEXT COLLATE "C",
    reason TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (id)
);
