-- What came of each time that a connected system was read.
CREATE TABLE pulls (
    source TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    pages INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    -- Whose it is to mend that it was not read whole, and the sentence that says why.
    class TEXT,
    said TEXT,
    -- When it is due again.
    next_at INTEGER,
    PRIMARY KEY (source, started_at)
) STRICT;
