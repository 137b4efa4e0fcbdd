-- What the one who answers for a series says about a week of it. An edit is another row; the newest counts.
CREATE TABLE explanations (
    metric TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    week TEXT COLLATE "C" NOT NULL,
    written_at BIGINT NOT NULL,
    written_by TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    said TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (metric, scope, week, written_at)
);
CREATE INDEX explanations_by_week ON explanations (week);
