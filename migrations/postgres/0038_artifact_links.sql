-- Agent or assisted work that landed: whether it was evaluated in time, and what there is to reconstruct it.
CREATE TABLE artifact_links (
    kind TEXT COLLATE "C" NOT NULL,
    ref TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    landed_at BIGINT NOT NULL,
    segment TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    workflows TEXT COLLATE "C" NOT NULL,
    run_id TEXT COLLATE "C",
    agent TEXT COLLATE "C",
    tier BIGINT NOT NULL,
    evaluated TEXT COLLATE "C" NOT NULL,
    has_failed_evaluation BIGINT NOT NULL,
    is_reconstructable BIGINT NOT NULL,
    items TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, ref)
);
CREATE INDEX artifact_links_by_ref ON artifact_links (ref);
CREATE INDEX artifact_links_by_landing ON artifact_links (landed_at);
CREATE INDEX artifact_links_by_run ON artifact_links (run_id) WHERE run_id IS NOT NULL;

-- A run as figures see it.
CREATE TABLE run_links (
    run_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    workflows TEXT COLLATE "C" NOT NULL,
    agent TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C",
    calls BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    cost_pico BIGINT,
    unpriced TEXT COLLATE "C",
    input_tokens BIGINT NOT NULL,
    cached_tokens BIGINT NOT NULL,
    above_tier TEXT COLLATE "C",
    denied TEXT COLLATE "C",
    PRIMARY KEY (run_id)
);
CREATE INDEX run_links_by_start ON run_links (started_at);

-- An approval that was asked for, and the work it belongs to.
CREATE TABLE approval_links (
    subject TEXT COLLATE "C" NOT NULL,
    approval_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_at BIGINT,
    service TEXT COLLATE "C" NOT NULL,
    workflows TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (subject, approval_id)
);
CREATE INDEX approval_links_waiting ON approval_links (requested_at) WHERE decided_at IS NULL;
CREATE INDEX approval_links_by_decision ON approval_links (decided_at) WHERE decided_at IS NOT NULL;

-- Of a figure, its parts by name.
ALTER TABLE figures ADD COLUMN parts TEXT COLLATE "C";

-- A run of a suite, as figures see it.
CREATE TABLE suite_run_links (
    workflow TEXT COLLATE "C" NOT NULL,
    suite_run_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    suite TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    commit_sha TEXT COLLATE "C",
    finished_at BIGINT NOT NULL,
    cases BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    threshold_ratio DOUBLE PRECISION,
    PRIMARY KEY (workflow, suite_run_id)
);
CREATE INDEX suite_run_links_by_finish ON suite_run_links (finished_at);
