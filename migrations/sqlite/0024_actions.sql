-- What was decided to be done, by whom, until when.
CREATE TABLE actions (
    number INTEGER NOT NULL,
    said TEXT NOT NULL,
    owner TEXT NOT NULL,
    due TEXT NOT NULL,
    scope TEXT NOT NULL,
    week TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    done_at INTEGER,
    done_by TEXT,
    PRIMARY KEY (number)
) STRICT, WITHOUT ROWID;
