-- What the one who answers for a series says about a week of it. An edit is another row; the newest counts.
CREATE TABLE explanations (
    metric TEXT NOT NULL,
    scope TEXT NOT NULL,
    week TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    written_by TEXT NOT NULL,
    cause TEXT NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (metric, scope, week, written_at)
) STRICT;
CREATE INDEX explanations_by_week ON explanations (week);
