-- What is left of a connected system's limits, as it told last.
CREATE TABLE limits_left (
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    most INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    resets_at INTEGER NOT NULL,
    PRIMARY KEY (source, name)
) STRICT;
