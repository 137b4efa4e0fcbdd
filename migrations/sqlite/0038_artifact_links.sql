-- Agent or assisted work that landed: whether it was evaluated in time, and what there is to reconstruct it.
CREATE TABLE artifact_links (
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    version INTEGER NOT NULL,
    landed_at INTEGER NOT NULL,
    segment TEXT NOT NULL,
    service TEXT NOT NULL,
    workflows TEXT NOT NULL,
    run_id TEXT,
    agent TEXT,
    tier INTEGER NOT NULL,
    evaluated TEXT NOT NULL,
    has_failed_evaluation INTEGER NOT NULL,
    is_reconstructable INTEGER NOT NULL,
    items TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (kind, ref)
) STRICT;
CREATE INDEX artifact_links_by_ref ON artifact_links (ref);
CREATE INDEX artifact_links_by_landing ON artifact_links (landed_at);
CREATE INDEX artifact_links_by_run ON artifact_links (run_id) WHERE run_id IS NOT NULL;

-- A run as figures see it.
CREATE TABLE run_links (
    run_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    workflows TEXT NOT NULL,
    agent TEXT NOT NULL,
    outcome TEXT,
    calls INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    cost_pico INTEGER,
    unpriced TEXT,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    above_tier TEXT,
    denied TEXT,
    PRIMARY KEY (run_id)
) STRICT;
CREATE INDEX run_links_by_start ON run_links (started_at);

-- An approval that was asked for, and the work it belongs to.
CREATE TABLE approval_links (
    subject TEXT NOT NULL,
    approval_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    decided_at INTEGER,
    service TEXT NOT NULL,
    workflows TEXT NOT NULL,
    PRIMARY KEY (subject, approval_id)
) STRICT;
CREATE INDEX approval_links_waiting ON approval_links (requested_at) WHERE decided_at IS NULL;
CREATE INDEX approval_links_by_decision ON approval_links (decided_at) WHERE decided_at IS NOT NULL;

-- Of a figure, its parts by name.
ALTER TABLE figures ADD COLUMN parts TEXT;

-- A run of a suite, as figures see it.
CREATE TABLE suite_run_links (
    workflow TEXT NOT NULL,
    suite_run_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    suite TEXT NOT NULL,
    kind TEXT NOT NULL,
    commit_sha TEXT,
    finished_at INTEGER NOT NULL,
    cases INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    threshold_ratio REAL,
    PRIMARY KEY (workflow, suite_run_id)
) STRICT;
CREATE INDEX suite_run_links_by_finish ON suite_run_links (finished_at);
