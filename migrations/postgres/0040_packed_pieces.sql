-- Pieces are kept packed. Those that are here stay plain, and are read as they are.
ALTER TABLE trace_pieces ALTER COLUMN body TYPE BYTEA USING convert_to(body, 'UTF8');
