-- Value, parts and sample per metric, scope, segment and week. A week without records has no row.
CREATE TABLE figures (
    metric TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    segment TEXT COLLATE "C" NOT NULL,
    week TEXT COLLATE "C" NOT NULL,
    definition_version BIGINT NOT NULL,
    value DOUBLE PRECISION,
    sample BIGINT NOT NULL,
    numerator BIGINT,
    denominator BIGINT,
    p90 DOUBLE PRECISION,
    interval_low DOUBLE PRECISION,
    interval_high DOUBLE PRECISION,
    left_out BIGINT NOT NULL,
    reason TEXT COLLATE "C",
    PRIMARY KEY (metric, scope, segment, week)
);
CREATE INDEX figures_by_week ON figures (week);

-- Weeks whose figures are behind the links; emptied as they are computed again.
CREATE TABLE touched_weeks (
    week TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (week)
);
