-- Work that only one server may do at a time. Whoever holds the lease does it; a lease runs out.
CREATE TABLE jobs (
    name TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C",
    lease_until BIGINT,
    started_at BIGINT,
    finished_at BIGINT,
    failures BIGINT NOT NULL,
    last_error TEXT COLLATE "C",
    PRIMARY KEY (name)
);
