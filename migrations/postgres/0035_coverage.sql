-- How many parts a source has, such as repositories, and how many of them were read whole.
ALTER TABLE pulls ADD COLUMN parts BIGINT;
ALTER TABLE pulls ADD COLUMN parts_read BIGINT;
