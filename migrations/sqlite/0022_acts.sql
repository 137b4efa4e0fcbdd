-- What people did here, in order. Rows are only added; each hash is over the one before and its row.
CREATE TABLE acts (
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (number)
) STRICT, WITHOUT ROWID;
