-- What agents did: runs and their tool calls, what a run says that it left behind, what a platform says
-- that landed, and runs of suites. Runs and what belongs to them lie together, by run.
CREATE TABLE runs (
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    workflow TEXT COLLATE "C",
    agent TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT COLLATE "C",
    input TEXT COLLATE "C",
    output TEXT COLLATE "C",
    counts TEXT COLLATE "C",
    cost TEXT COLLATE "C",
    currency TEXT COLLATE "C",
    provider TEXT COLLATE "C",
    account TEXT COLLATE "C",
    tokens TEXT COLLATE "C" NOT NULL,
    trace_url TEXT COLLATE "C",
    trace TEXT COLLATE "C",
    PRIMARY KEY (id)
);

CREATE TABLE tool_calls (
    run_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    input TEXT COLLATE "C",
    output TEXT COLLATE "C",
    error TEXT COLLATE "C",
    effect TEXT COLLATE "C",
    resources TEXT COLLATE "C" NOT NULL,
    policy_decision TEXT COLLATE "C",
    approval TEXT COLLATE "C",
    PRIMARY KEY (run_id, id)
);
CREATE INDEX tool_calls_by_decision ON tool_calls (policy_decision) WHERE policy_decision IS NOT NULL;

CREATE TABLE run_artifacts (
    run_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    ref TEXT COLLATE "C" NOT NULL,
    landed_at BIGINT,
    reversal TEXT COLLATE "C",
    PRIMARY KEY (run_id, kind, ref)
);
CREATE INDEX run_artifacts_by_ref ON run_artifacts (ref);

CREATE TABLE artifacts (
    ref TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    workflow TEXT COLLATE "C",
    agent TEXT COLLATE "C",
    landed_at BIGINT NOT NULL,
    run_id TEXT COLLATE "C",
    reversal TEXT COLLATE "C",
    PRIMARY KEY (ref, id)
);
CREATE INDEX artifacts_by_id ON artifacts (id);
CREATE INDEX artifacts_by_run ON artifacts (run_id) WHERE run_id IS NOT NULL;

CREATE TABLE suite_runs (
    workflow TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT,
    hash TEXT COLLATE "C" NOT NULL,
    raw_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    suite TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    commit_sha TEXT COLLATE "C",
    cases BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    failed TEXT COLLATE "C" NOT NULL,
    threshold_ratio DOUBLE PRECISION,
    finished_at BIGINT NOT NULL,
    PRIMARY KEY (workflow, id)
);
CREATE INDEX suite_runs_by_id ON suite_runs (id);
CREATE INDEX suite_runs_by_commit ON suite_runs (commit_sha) WHERE commit_sha IS NOT NULL;

-- Which runs or sessions a change names, so that it is found when one of them comes.
CREATE TABLE change_runs (
    service TEXT COLLATE "C" NOT NULL,
    change_id TEXT COLLATE "C" NOT NULL,
    run_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (service, change_id, run_id)
);
CREATE INDEX change_runs_by_run ON change_runs (run_id);

-- A forge's check counts as an evaluation only where a workflow names it as one.
ALTER TABLE evaluations ADD COLUMN is_check BIGINT NOT NULL DEFAULT 0;
UPDATE evaluations SET is_check = 1 WHERE id LIKE 'check-%';

-- By what else a run is joined to a change: change:ADDRESS, commit:SHA, branch:NAME, session:ID.
CREATE TABLE run_keys (
    run_id TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, key)
);
CREATE INDEX run_keys_by_key ON run_keys (key);

-- Spans and log events of runs as they came, until they are put together and for as long as more may come.
CREATE TABLE trace_parts (
    run_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, id)
);

-- What an agent says of its own policy weighs less than what the policy engine logs.
ALTER TABLE policy_decisions ADD COLUMN level TEXT COLLATE "C";
