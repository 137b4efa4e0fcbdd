-- Work that only one server may do at a time. Whoever holds the lease does it; a lease runs out.
CREATE TABLE jobs (
    name TEXT NOT NULL,
    holder TEXT,
    lease_until INTEGER,
    started_at INTEGER,
    finished_at INTEGER,
    failures INTEGER NOT NULL,
    last_error TEXT,
    PRIMARY KEY (name)
) STRICT;
