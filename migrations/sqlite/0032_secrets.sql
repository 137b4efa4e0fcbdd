-- Secrets of sources that were entered in a page, sealed with a key that is not in the database.
CREATE TABLE secrets (
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    set_at INTEGER NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (source, name)
) STRICT;
