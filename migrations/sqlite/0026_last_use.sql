-- When somebody last signed in, and when a token was last used, to within a minute.
ALTER TABLE people ADD COLUMN signed_in_at INTEGER;
ALTER TABLE tokens ADD COLUMN used_at INTEGER;
