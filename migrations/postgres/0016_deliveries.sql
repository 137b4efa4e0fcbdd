-- The commits of a change beside its merge commit, so that it is found by any of them.
CREATE TABLE change_commits (
    service TEXT COLLATE "C" NOT NULL,
    change_id TEXT COLLATE "C" NOT NULL,
    sha TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (service, change_id, sha)
);
CREATE INDEX change_commits_by_sha ON change_commits (sha);
CREATE INDEX changes_by_merge_commit ON changes (merge_commit);
CREATE INDEX changes_by_title ON changes (service, title);
CREATE INDEX deployments_by_finish ON deployments (service, finished_at, id);
CREATE INDEX deployments_by_commit ON deployments (commit_sha);
CREATE INDEX defects_by_cause ON defects (introduced_by_kind, introduced_by_id);

-- Whether a change mends what an earlier one broke, and the deployment that first delivered it.
-- A change in the first known deployment of its service has no instant of delivery.
ALTER TABLE change_links ADD COLUMN is_fix BIGINT NOT NULL DEFAULT 0;
ALTER TABLE change_links ADD COLUMN reverts TEXT COLLATE "C";
ALTER TABLE change_links ADD COLUMN deployment_id TEXT COLLATE "C";
ALTER TABLE change_links ADD COLUMN deployment_at BIGINT;
ALTER TABLE change_links ADD COLUMN delivered_at BIGINT;
CREATE INDEX change_links_by_service_merge ON change_links (service, merged_at, change_id);
CREATE INDEX change_links_by_deployment ON change_links (deployment_at) WHERE deployment_at IS NOT NULL;
CREATE INDEX change_links_by_service_deployment ON change_links (service, deployment_at) WHERE deployment_at IS NOT NULL;

-- A deployment to production, tried or done. The last four columns are its outcome, derived from
-- the remedies and incidents that point at it.
CREATE TABLE deployment_links (
    service TEXT COLLATE "C" NOT NULL,
    deployment_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    standing TEXT COLLATE "C" NOT NULL,
    is_first BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    is_rework BIGINT NOT NULL,
    next_is_remedy BIGINT NOT NULL,
    reach BIGINT,
    evidence TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    workflows TEXT COLLATE "C" NOT NULL,
    is_failed BIGINT NOT NULL DEFAULT 0,
    failure TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    well_again_at BIGINT,
    not_recovered TEXT COLLATE "C",
    PRIMARY KEY (service, deployment_id)
);
CREATE INDEX deployment_links_by_id ON deployment_links (deployment_id);
CREATE INDEX deployment_links_by_finish ON deployment_links (finished_at);
CREATE INDEX deployment_links_by_service_finish ON deployment_links (service, finished_at, deployment_id);
CREATE INDEX deployment_links_by_recovery ON deployment_links (well_again_at) WHERE well_again_at IS NOT NULL;

-- Which deployment put right which.
CREATE TABLE remedies (
    service TEXT COLLATE "C" NOT NULL,
    remedy_id TEXT COLLATE "C" NOT NULL,
    remedied_id TEXT COLLATE "C" NOT NULL,
    remedy_at BIGINT NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (service, remedy_id, remedied_id)
);
CREATE INDEX remedies_by_remedied ON remedies (service, remedied_id);

-- The deployment an incident is laid to; none has its reason.
CREATE TABLE incident_links (
    service TEXT COLLATE "C" NOT NULL,
    incident_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    resolved_at BIGINT,
    not_an_incident TEXT COLLATE "C",
    deployment_service TEXT COLLATE "C",
    deployment_id TEXT COLLATE "C",
    evidence TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    workflows TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (service, incident_id)
);
CREATE INDEX incident_links_by_start ON incident_links (started_at);
CREATE INDEX incident_links_by_deployment ON incident_links (deployment_service, deployment_id);

-- Where a defect was found, once people's corrections are heard, and the work it belongs to.
CREATE TABLE defect_links (
    service TEXT COLLATE "C" NOT NULL,
    defect_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    workflows TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (service, defect_id)
);
CREATE INDEX defect_links_by_find ON defect_links (found_at);

-- What is behind and has to be linked again: deployments of a service from an instant on, and single things.
CREATE TABLE touched_services (
    service TEXT COLLATE "C" NOT NULL,
    from_at BIGINT NOT NULL,
    from_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (service)
);
CREATE TABLE touched_links (
    kind TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, service, id)
);

-- Bounds from what is not known, and a count for each hundred of what it is measured against.
ALTER TABLE figures ADD COLUMN low DOUBLE PRECISION;
ALTER TABLE figures ADD COLUMN high DOUBLE PRECISION;
ALTER TABLE figures ADD COLUMN per_hundred DOUBLE PRECISION;
