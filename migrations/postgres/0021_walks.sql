-- Walks through all changes that link them again: what for, and how far each has come. What a killed
-- process leaves of one, the next goes on with.
CREATE TABLE walks (
    cause TEXT COLLATE "C" NOT NULL,
    service TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    changes BIGINT NOT NULL,
    is_through BIGINT NOT NULL,
    PRIMARY KEY (cause)
);
