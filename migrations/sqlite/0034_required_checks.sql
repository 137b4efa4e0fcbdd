-- Whether a change may not land before a check has passed.
ALTER TABLE evaluations ADD COLUMN required INTEGER;
