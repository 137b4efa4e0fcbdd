-- Spans and log events of runs by export instead of one by one: what one export told of a run is a row.
CREATE TABLE trace_pieces (
    run_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    parts BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, id)
);

-- How much of each run is kept, and when the last of it came. Once nothing more is expected its pieces go, and
-- this stays, so that what comes late does not take the place of the whole.
CREATE TABLE trace_runs (
    run_id TEXT COLLATE "C" NOT NULL,
    last_at BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    text_bytes BIGINT NOT NULL,
    is_gone BIGINT NOT NULL,
    PRIMARY KEY (run_id)
);
CREATE INDEX trace_runs_by_age ON trace_runs (last_at) WHERE is_gone = 0;

INSERT INTO trace_pieces (run_id, id, kind, parts, bytes, body)
SELECT run_id, id, kind, 1, LENGTH(body),
    '[{"id":"' || REPLACE(id, 'open:', '') || '",' || SUBSTR(body, 2) || ']'
FROM trace_parts;
INSERT INTO trace_runs (run_id, last_at, parts, bytes, text_bytes, is_gone)
SELECT run_id, CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) * 1000, COUNT(*), SUM(bytes), 0, 0
FROM trace_pieces GROUP BY run_id;
DROP TABLE trace_parts;

-- Texts of what went into runs and came out, where they are kept, for as long as they are.
CREATE TABLE trace_bodies (
    run_id TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, sha256)
);
CREATE INDEX trace_bodies_by_age ON trace_bodies (received_at);
