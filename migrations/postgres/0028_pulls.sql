-- What came of each time that a connected system was read.
CREATE TABLE pulls (
    source TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    pages BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    -- Whose it is to mend that it was not read whole, and the sentence that says why.
    class TEXT COLLATE "C",
    said TEXT COLLATE "C",
    -- When it is due again.
    next_at BIGINT,
    PRIMARY KEY (source, started_at)
);
