-- When each source last brought something new to a stream: what a source's freshness is told from,
-- without reading deliveries. Of deliveries before this table the sender is known, and not yet the
-- source that a record names.
CREATE TABLE receipts (
    source TEXT COLLATE "C" NOT NULL,
    stream TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (source, stream)
);
INSERT INTO receipts (source, stream, received_at)
SELECT source, stream, MAX(received_at) FROM raw GROUP BY source, stream;
