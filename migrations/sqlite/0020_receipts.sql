-- When each source last brought something new to a stream: what a source's freshness is told from,
-- without reading deliveries. Of deliveries before this table the sender is known, and not yet the
-- source that a record names.
CREATE TABLE receipts (
    source TEXT NOT NULL,
    stream TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (source, stream)
) STRICT;
INSERT INTO receipts (source, stream, received_at)
SELECT source, stream, MAX(received_at) FROM raw GROUP BY source, stream;
