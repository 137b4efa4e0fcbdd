-- Deliveries that a system sent of its own accord, by their own id: one that comes again is known.
CREATE TABLE hooks (
    source TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    PRIMARY KEY (source, id)
);
CREATE INDEX hooks_by_receipt ON hooks (source, received_at);

-- How often one came whose signature does not hold: a count, so that nobody can fill a disk with them.
CREATE TABLE hook_forgeries (
    source TEXT COLLATE "C" NOT NULL,
    times BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (source)
);

-- Parts of a source that a delivery says are worth reading again.
CREATE TABLE hook_parts (
    source TEXT COLLATE "C" NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (source, part)
);
