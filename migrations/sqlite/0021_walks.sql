-- Walks through all changes that link them again: what for, and how far each has come. What a killed
-- process leaves of one, the next goes on with.
CREATE TABLE walks (
    cause TEXT NOT NULL,
    service TEXT NOT NULL,
    id TEXT NOT NULL,
    changes INTEGER NOT NULL,
    is_through INTEGER NOT NULL,
    PRIMARY KEY (cause)
) STRICT;
