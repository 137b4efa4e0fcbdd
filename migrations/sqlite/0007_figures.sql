-- Value, parts and sample per metric, scope, segment and week. A week without records has no row.
CREATE TABLE figures (
    metric TEXT NOT NULL,
    scope TEXT NOT NULL,
    segment TEXT NOT NULL,
    week TEXT NOT NULL,
    definition_version INTEGER NOT NULL,
    value REAL,
    sample INTEGER NOT NULL,
    numerator INTEGER,
    denominator INTEGER,
    p90 REAL,
    interval_low REAL,
    interval_high REAL,
    left_out INTEGER NOT NULL,
    reason TEXT,
    PRIMARY KEY (metric, scope, segment, week)
) STRICT;
CREATE INDEX figures_by_week ON figures (week);

-- Weeks whose figures are behind the links; emptied as they are computed again.
CREATE TABLE touched_weeks (
    week TEXT NOT NULL,
    PRIMARY KEY (week)
) STRICT;
