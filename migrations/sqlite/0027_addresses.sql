-- A pasted link is looked up by the address of the record's page at its source.
CREATE INDEX changes_by_url ON changes (url);
CREATE INDEX deployments_by_url ON deployments (url);
CREATE INDEX incidents_by_url ON incidents (url);
