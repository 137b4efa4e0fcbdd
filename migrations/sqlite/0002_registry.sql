-- What people declare: the company, its services, workflows and agents. Bodies are canonical JSON.
CREATE TABLE registry (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;
