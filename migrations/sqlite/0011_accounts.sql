-- People who may sign in; no password until they set one.
CREATE TABLE people (
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (email)
) STRICT;

-- Secrets are kept as SHA-256 of 256 random bits; what was handed out cannot be read back.
CREATE TABLE sign_in_links (
    token_hash TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (token_hash)
) STRICT;
CREATE TABLE sessions (
    token_hash TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (token_hash)
) STRICT;
CREATE INDEX sessions_by_email ON sessions (email);
CREATE TABLE tokens (
    token_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (token_hash)
) STRICT;
CREATE UNIQUE INDEX tokens_by_name ON tokens (name);

-- Failed sign-ins by e-mail and by address, for the rate limit.
CREATE TABLE sign_in_attempts (
    key TEXT NOT NULL,
    window_start INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    PRIMARY KEY (key)
) STRICT;
