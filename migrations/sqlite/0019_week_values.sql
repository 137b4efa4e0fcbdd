-- The values behind a week's medians (milliseconds, lines), sorted, as a JSON array: what compares spans
-- of weeks reads them from here and not from the records.
CREATE TABLE week_values (
    metric TEXT NOT NULL,
    scope TEXT NOT NULL,
    week TEXT NOT NULL,
    contributions TEXT NOT NULL,
    PRIMARY KEY (metric, scope, week)
) STRICT;
CREATE INDEX week_values_by_week ON week_values (week);
