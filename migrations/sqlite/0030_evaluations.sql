-- Automatic checks, by what was checked: run:ID, artifact:REF or commit:SHA.
CREATE TABLE evaluations (
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    evaluator TEXT NOT NULL,
    evaluator_kind TEXT NOT NULL,
    score REAL,
    passed INTEGER,
    finished_at INTEGER NOT NULL,
    PRIMARY KEY (subject, id)
) STRICT;
CREATE INDEX evaluations_by_id ON evaluations (id);
