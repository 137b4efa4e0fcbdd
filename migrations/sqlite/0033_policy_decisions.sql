-- What a policy said of something that was about to happen: run:ID or commit:SHA, empty where it names neither.
CREATE TABLE policy_decisions (
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    tool_call TEXT,
    at INTEGER NOT NULL,
    policy TEXT NOT NULL,
    decision TEXT NOT NULL,
    revision TEXT,
    bypassed_by TEXT,
    PRIMARY KEY (subject, id)
) STRICT;
CREATE INDEX policy_decisions_by_id ON policy_decisions (id);
