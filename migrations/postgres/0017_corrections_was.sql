-- What stood before a person put it right, so that each correction says from what to what.
ALTER TABLE corrections ADD COLUMN was TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX corrections_by_time ON corrections (made_at);
-- What waits for a person's word: few among many.
CREATE INDEX incident_links_open ON incident_links (started_at) WHERE deployment_id IS NULL AND not_an_incident IS NULL;
CREATE INDEX defect_links_open ON defect_links (found_at) WHERE place = 'unknown';
