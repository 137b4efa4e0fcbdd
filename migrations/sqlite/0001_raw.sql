-- One row per delivery (a batch, a page, a file's slice), redacted and compressed.
CREATE TABLE raw (
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    stream TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    records INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (id)
) STRICT;
CREATE INDEX raw_by_receipt ON raw (received_at);

-- Records that could not be taken in, with the reason, so that none is lost.
CREATE TABLE raw_refused (
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    stream TEXT NOT NULL,
    record_id TEXT,
    field TEXT,
    reason TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (id)
) STRICT;
