-- What people let pass, or did not, by what it is of: run:ID, artifact:REF or deployment:ID.
CREATE TABLE approvals (
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    level TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    decided_at INTEGER,
    decision TEXT,
    approver TEXT,
    PRIMARY KEY (subject, id)
) STRICT;
CREATE INDEX approvals_by_id ON approvals (id);
