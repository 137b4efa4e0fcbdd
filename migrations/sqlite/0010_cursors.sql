-- How far a source's stream has been read.
CREATE TABLE cursors (
    source TEXT NOT NULL,
    stream TEXT NOT NULL,
    position TEXT NOT NULL,
    moved_at INTEGER NOT NULL,
    PRIMARY KEY (source, stream)
) STRICT;
