-- What is left of a connected system's limits, as it told last.
CREATE TABLE limits_left (
    source TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    most BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    resets_at BIGINT NOT NULL,
    PRIMARY KEY (source, name)
);
