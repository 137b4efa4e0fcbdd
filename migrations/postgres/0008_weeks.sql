-- The judged result of a frozen week, and what later moved in it.
CREATE TABLE snapshots (
    week TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    frozen_at BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (week, scope)
);
CREATE TABLE restatements (
    metric TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    segment TEXT COLLATE "C" NOT NULL,
    week TEXT COLLATE "C" NOT NULL,
    restated_at BIGINT NOT NULL,
    old_body TEXT COLLATE "C" NOT NULL,
    new_body TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (metric, scope, segment, week, restated_at)
);
