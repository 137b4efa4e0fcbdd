-- Automatic checks, by what was checked: run:ID, artifact:REF or commit:SHA.
CREATE TABLE evaluations (
    subject TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    evaluator TEXT COLLATE "C" NOT NULL,
    evaluator_kind TEXT COLLATE "C" NOT NULL,
    score DOUBLE PRECISION,
    passed BIGINT,
    finished_at BIGINT NOT NULL,
    PRIMARY KEY (subject, id)
);
CREATE INDEX evaluations_by_id ON evaluations (id);
