-- Secrets of sources that were entered in a page, sealed with a key that is not in the database.
CREATE TABLE secrets (
    source TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    set_at BIGINT NOT NULL,
    set_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (source, name)
);
