-- What a policy said of something that was about to happen: run:ID or commit:SHA, empty where it names neither.
CREATE TABLE policy_decisions (
    subject TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    tool_call TEXT COLLATE "C",
    at BIGINT NOT NULL,
    policy TEXT COLLATE "C" NOT NULL,
    decision TEXT COLLATE "C" NOT NULL,
    revision TEXT COLLATE "C",
    bypassed_by TEXT COLLATE "C",
    PRIMARY KEY (subject, id)
);
CREATE INDEX policy_decisions_by_id ON policy_decisions (id);
