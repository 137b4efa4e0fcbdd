-- Deliveries that a system sent of its own accord, by their own id: one that comes again is known.
CREATE TABLE hooks (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (source, id)
) STRICT;
CREATE INDEX hooks_by_receipt ON hooks (source, received_at);

-- How often one came whose signature does not hold: a count, so that nobody can fill a disk with them.
CREATE TABLE hook_forgeries (
    source TEXT NOT NULL,
    times INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (source)
) STRICT;

-- Parts of a source that a delivery says are worth reading again.
CREATE TABLE hook_parts (
    source TEXT NOT NULL,
    part TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (source, part)
) STRICT;
