-- What stood for each figure of a frozen week, and which records stood behind it. Until it settles it
-- may go on; from then on only a restatement moves it.
CREATE TABLE frozen_figures (
    metric TEXT NOT NULL,
    scope TEXT NOT NULL,
    segment TEXT NOT NULL,
    week TEXT NOT NULL,
    frozen_at INTEGER NOT NULL,
    is_settled INTEGER NOT NULL,
    body TEXT NOT NULL,
    records_hash TEXT NOT NULL,
    PRIMARY KEY (metric, scope, segment, week)
) STRICT;
CREATE INDEX frozen_figures_by_week ON frozen_figures (week);
CREATE INDEX restatements_by_week ON restatements (week);
