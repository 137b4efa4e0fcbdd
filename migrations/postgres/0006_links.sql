-- Derived by pure functions from domain rows, registry and corrections; never edited by hand.
CREATE TABLE change_links (
    service TEXT COLLATE "C" NOT NULL,
    change_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    segment TEXT COLLATE "C" NOT NULL,
    evidence TEXT COLLATE "C" NOT NULL,
    workflows TEXT COLLATE "C" NOT NULL,
    created_at BIGINT,
    first_commit_at BIGINT,
    opened_at BIGINT,
    first_review_at BIGINT,
    agent_review_at BIGINT,
    merged_at BIGINT,
    PRIMARY KEY (service, change_id)
);
CREATE INDEX change_links_by_merge ON change_links (merged_at);
