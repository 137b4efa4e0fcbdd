-- What agents did: runs and their tool calls, what a run says that it left behind, what a platform says
-- that landed, and runs of suites. Runs and what belongs to them lie together, by run.
CREATE TABLE runs (
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    workflow TEXT,
    agent TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT,
    input TEXT,
    output TEXT,
    counts TEXT,
    cost TEXT,
    currency TEXT,
    provider TEXT,
    account TEXT,
    tokens TEXT NOT NULL,
    trace_url TEXT,
    trace TEXT,
    PRIMARY KEY (id)
) STRICT;

CREATE TABLE tool_calls (
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    input TEXT,
    output TEXT,
    error TEXT,
    effect TEXT,
    resources TEXT NOT NULL,
    policy_decision TEXT,
    approval TEXT,
    PRIMARY KEY (run_id, id)
) STRICT;
CREATE INDEX tool_calls_by_decision ON tool_calls (policy_decision) WHERE policy_decision IS NOT NULL;

CREATE TABLE run_artifacts (
    run_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    ref TEXT NOT NULL,
    landed_at INTEGER,
    reversal TEXT,
    PRIMARY KEY (run_id, kind, ref)
) STRICT;
CREATE INDEX run_artifacts_by_ref ON run_artifacts (ref);

CREATE TABLE artifacts (
    ref TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    workflow TEXT,
    agent TEXT,
    landed_at INTEGER NOT NULL,
    run_id TEXT,
    reversal TEXT,
    PRIMARY KEY (ref, id)
) STRICT;
CREATE INDEX artifacts_by_id ON artifacts (id);
CREATE INDEX artifacts_by_run ON artifacts (run_id) WHERE run_id IS NOT NULL;

CREATE TABLE suite_runs (
    workflow TEXT NOT NULL,
    id TEXT NOT NULL,
    updated_at INTEGER,
    hash TEXT NOT NULL,
    raw_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    suite TEXT NOT NULL,
    kind TEXT NOT NULL,
    commit_sha TEXT,
    cases INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    failed TEXT NOT NULL,
    threshold_ratio REAL,
    finished_at INTEGER NOT NULL,
    PRIMARY KEY (workflow, id)
) STRICT;
CREATE INDEX suite_runs_by_id ON suite_runs (id);
CREATE INDEX suite_runs_by_commit ON suite_runs (commit_sha) WHERE commit_sha IS NOT NULL;

-- Which runs or sessions a change names, so that it is found when one of them comes.
CREATE TABLE change_runs (
    service TEXT NOT NULL,
    change_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    PRIMARY KEY (service, change_id, run_id)
) STRICT;
CREATE INDEX change_runs_by_run ON change_runs (run_id);

-- A forge's check counts as an evaluation only where a workflow names it as one.
ALTER TABLE evaluations ADD COLUMN is_check INTEGER NOT NULL DEFAULT 0;
UPDATE evaluations SET is_check = 1 WHERE id LIKE 'check-%';

-- By what else a run is joined to a change: change:ADDRESS, commit:SHA, branch:NAME, session:ID.
CREATE TABLE run_keys (
    run_id TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (run_id, key)
) STRICT;
CREATE INDEX run_keys_by_key ON run_keys (key);

-- Spans and log events of runs as they came, until they are put together and for as long as more may come.
CREATE TABLE trace_parts (
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (run_id, id)
) STRICT;

-- What an agent says of its own policy weighs less than what the policy engine logs.
ALTER TABLE policy_decisions ADD COLUMN level TEXT;
