-- What stood for each figure of a frozen week, and which records stood behind it. Until it settles it
-- may go on; from then on only a restatement moves it.
CREATE TABLE frozen_figures (
    metric TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    segment TEXT COLLATE "C" NOT NULL,
    week TEXT COLLATE "C" NOT NULL,
    frozen_at BIGINT NOT NULL,
    is_settled BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    records_hash TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (metric, scope, segment, week)
);
CREATE INDEX frozen_figures_by_week ON frozen_figures (week);
CREATE INDEX restatements_by_week ON restatements (week);
