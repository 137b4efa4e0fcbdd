-- What people declare: the company, its services, workflows and agents. Bodies are canonical JSON.
CREATE TABLE registry (
    kind TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, key)
);
