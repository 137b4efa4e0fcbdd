-- Derived by pure functions from domain rows, registry and corrections; never edited by hand.
CREATE TABLE change_links (
    service TEXT NOT NULL,
    change_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    segment TEXT NOT NULL,
    evidence TEXT NOT NULL,
    workflows TEXT NOT NULL,
    created_at INTEGER,
    first_commit_at INTEGER,
    opened_at INTEGER,
    first_review_at INTEGER,
    agent_review_at INTEGER,
    merged_at INTEGER,
    PRIMARY KEY (service, change_id)
) STRICT;
CREATE INDEX change_links_by_merge ON change_links (merged_at);
