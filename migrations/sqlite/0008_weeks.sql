-- The judged result of a frozen week, and what later moved in it.
CREATE TABLE snapshots (
    week TEXT NOT NULL,
    scope TEXT NOT NULL,
    frozen_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (week, scope)
) STRICT;
CREATE TABLE restatements (
    metric TEXT NOT NULL,
    scope TEXT NOT NULL,
    segment TEXT NOT NULL,
    week TEXT NOT NULL,
    restated_at INTEGER NOT NULL,
    old_body TEXT NOT NULL,
    new_body TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (metric, scope, segment, week, restated_at)
) STRICT;
