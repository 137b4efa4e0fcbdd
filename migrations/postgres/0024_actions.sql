-- What was decided to be done, by whom, until when.
CREATE TABLE actions (
    number BIGINT NOT NULL,
    said TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    due TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    week TEXT COLLATE "C" NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT COLLATE "C" NOT NULL,
    done_at BIGINT,
    done_by TEXT COLLATE "C",
    PRIMARY KEY (number)
);
