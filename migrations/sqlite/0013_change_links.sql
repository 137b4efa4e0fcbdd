-- How large a change is, and whether any review of it is known, whoever gave it and whenever.
ALTER TABLE change_links ADD COLUMN lines INTEGER;
ALTER TABLE change_links ADD COLUMN has_review INTEGER NOT NULL DEFAULT 0;
CREATE INDEX change_links_reviewed ON change_links (service) WHERE has_review = 1;
