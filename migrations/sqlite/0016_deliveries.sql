-- The commits of a change beside its merge commit, so that it is found by any of them.
CREATE TABLE change_commits (
    service TEXT NOT NULL,
    change_id TEXT NOT NULL,
    sha TEXT NOT NULL,
    PRIMARY KEY (service, change_id, sha)
) STRICT;
CREATE INDEX change_commits_by_sha ON change_commits (sha);
CREATE INDEX changes_by_merge_commit ON changes (merge_commit);
CREATE INDEX changes_by_title ON changes (service, title);
CREATE INDEX deployments_by_finish ON deployments (service, finished_at, id);
CREATE INDEX deployments_by_commit ON deployments (commit_sha);
CREATE INDEX defects_by_cause ON defects (introduced_by_kind, introduced_by_id);

-- Whether a change mends what an earlier one broke, and the deployment that first delivered it.
-- A change in the first known deployment of its service has no instant of delivery.
ALTER TABLE change_links ADD COLUMN is_fix INTEGER NOT NULL DEFAULT 0;
ALTER TABLE change_links ADD COLUMN reverts TEXT;
ALTER TABLE change_links ADD COLUMN deployment_id TEXT;
ALTER TABLE change_links ADD COLUMN deployment_at INTEGER;
ALTER TABLE change_links ADD COLUMN delivered_at INTEGER;
CREATE INDEX change_links_by_service_merge ON change_links (service, merged_at, change_id);
CREATE INDEX change_links_by_deployment ON change_links (deployment_at) WHERE deployment_at IS NOT NULL;
CREATE INDEX change_links_by_service_deployment ON change_links (service, deployment_at) WHERE deployment_at IS NOT NULL;

-- A deployment to production, tried or done. The last four columns are its outcome, derived from
-- the remedies and incidents that point at it.
CREATE TABLE deployment_links (
    service TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    standing TEXT NOT NULL,
    is_first INTEGER NOT NULL,
    kind TEXT NOT NULL,
    is_rework INTEGER NOT NULL,
    next_is_remedy INTEGER NOT NULL,
    reach INTEGER,
    evidence TEXT NOT NULL,
    reason TEXT,
    workflows TEXT NOT NULL,
    is_failed INTEGER NOT NULL DEFAULT 0,
    failure TEXT NOT NULL DEFAULT '[]',
    well_again_at INTEGER,
    not_recovered TEXT,
    PRIMARY KEY (service, deployment_id)
) STRICT;
CREATE INDEX deployment_links_by_id ON deployment_links (deployment_id);
CREATE INDEX deployment_links_by_finish ON deployment_links (finished_at);
CREATE INDEX deployment_links_by_service_finish ON deployment_links (service, finished_at, deployment_id);
CREATE INDEX deployment_links_by_recovery ON deployment_links (well_again_at) WHERE well_again_at IS NOT NULL;

-- Which deployment put right which.
CREATE TABLE remedies (
    service TEXT NOT NULL,
    remedy_id TEXT NOT NULL,
    remedied_id TEXT NOT NULL,
    remedy_at INTEGER NOT NULL,
    level TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (service, remedy_id, remedied_id)
) STRICT;
CREATE INDEX remedies_by_remedied ON remedies (service, remedied_id);

-- The deployment an incident is laid to; none has its reason.
CREATE TABLE incident_links (
    service TEXT NOT NULL,
    incident_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    resolved_at INTEGER,
    not_an_incident TEXT,
    deployment_service TEXT,
    deployment_id TEXT,
    evidence TEXT NOT NULL,
    reason TEXT,
    workflows TEXT NOT NULL,
    PRIMARY KEY (service, incident_id)
) STRICT;
CREATE INDEX incident_links_by_start ON incident_links (started_at);
CREATE INDEX incident_links_by_deployment ON incident_links (deployment_service, deployment_id);

-- Where a defect was found, once people's corrections are heard, and the work it belongs to.
CREATE TABLE defect_links (
    service TEXT NOT NULL,
    defect_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    place TEXT NOT NULL,
    evidence TEXT NOT NULL,
    workflows TEXT NOT NULL,
    PRIMARY KEY (service, defect_id)
) STRICT;
CREATE INDEX defect_links_by_find ON defect_links (found_at);

-- What is behind and has to be linked again: deployments of a service from an instant on, and single things.
CREATE TABLE touched_services (
    service TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    from_id TEXT NOT NULL,
    PRIMARY KEY (service)
) STRICT;
CREATE TABLE touched_links (
    kind TEXT NOT NULL,
    service TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (kind, service, id)
) STRICT;

-- Bounds from what is not known, and a count for each hundred of what it is measured against.
ALTER TABLE figures ADD COLUMN low REAL;
ALTER TABLE figures ADD COLUMN high REAL;
ALTER TABLE figures ADD COLUMN per_hundred REAL;
