-- People who may sign in; no password until they set one.
CREATE TABLE people (
    email TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    PRIMARY KEY (email)
);

-- Secrets are kept as SHA-256 of 256 random bits; what was handed out cannot be read back.
CREATE TABLE sign_in_links (
    token_hash TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (token_hash)
);
CREATE TABLE sessions (
    token_hash TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash)
);
CREATE INDEX sessions_by_email ON sessions (email);
CREATE TABLE tokens (
    token_hash TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (token_hash)
);
CREATE UNIQUE INDEX tokens_by_name ON tokens (name);

-- Failed sign-ins by e-mail and by address, for the rate limit.
CREATE TABLE sign_in_attempts (
    key TEXT COLLATE "C" NOT NULL,
    window_start BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (key)
);
