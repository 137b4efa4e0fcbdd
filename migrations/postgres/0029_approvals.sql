-- What people let pass, or did not, by what it is of: run:ID, artifact:REF or deployment:ID.
CREATE TABLE approvals (
    subject TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_at BIGINT,
    decision TEXT COLLATE "C",
    approver TEXT COLLATE "C",
    PRIMARY KEY (subject, id)
);
CREATE INDEX approvals_by_id ON approvals (id);
