-- A pasted link is looked up by the address of the record's page at its source. Hashed, since an address
-- may be longer than an ordered index can hold.
CREATE INDEX changes_by_url ON changes USING HASH (url);
CREATE INDEX deployments_by_url ON deployments USING HASH (url);
CREATE INDEX incidents_by_url ON incidents USING HASH (url);
