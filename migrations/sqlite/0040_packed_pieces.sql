-- Pieces are kept packed. Those that are here stay plain, and are read as they are.
CREATE TABLE packed_pieces (
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    parts INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (run_id, id)
) STRICT;
INSERT INTO packed_pieces (run_id, id, kind, parts, bytes, body)
SELECT run_id, id, kind, parts, bytes, CAST(body AS BLOB) FROM trace_pieces ORDER BY run_id, id;
DROP TABLE trace_pieces;
ALTER TABLE packed_pieces RENAME TO trace_pieces;
