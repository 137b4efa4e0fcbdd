-- The values behind a week's medians (milliseconds, lines), sorted, as a JSON array: what compares spans
-- of weeks reads them from here and not from the records.
CREATE TABLE week_values (
    metric TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    week TEXT COLLATE "C" NOT NULL,
    contributions TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (metric, scope, week)
);
CREATE INDEX week_values_by_week ON week_values (week);
