-- Districts («Районы»): a place with, perhaps, its own time zone.
CREATE TABLE districts (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    time_zone TEXT,
    created_at TEXT NOT NULL,
    retired_at TEXT
) STRICT;

-- Human beings: citizens, curators, later applicants and executors.
CREATE TABLE persons (
    id BLOB PRIMARY KEY NOT NULL,
    surname TEXT NOT NULL,
    name TEXT,
    patronymic TEXT,
    email TEXT,
    phone TEXT,
    -- Lower case, «ё» as «е», single spaces: equal search on both databases (PT-D57).
    name_key TEXT NOT NULL,
    time_zone TEXT,
    created_at TEXT NOT NULL,
    deleted_at TEXT
) STRICT;
-- Warning about duplicates (PT-080).
CREATE INDEX persons_phone ON persons (phone) WHERE phone IS NOT NULL;

CREATE TABLE curators (
    person_id BLOB PRIMARY KEY NOT NULL REFERENCES persons (id),
    telegram_name TEXT,
    district_id BLOB REFERENCES districts (id),
    created_at TEXT NOT NULL,
    deleted_at TEXT,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Sign-ins of the panel. The administrator has no person record (PT-D02).
CREATE TABLE accounts (
    id BLOB PRIMARY KEY NOT NULL,
    role TEXT NOT NULL,
    person_id BLOB UNIQUE REFERENCES persons (id),
    login TEXT NOT NULL,
    -- Lower case; NULL frees the login of a deleted account.
    login_key TEXT UNIQUE,
    password_hash TEXT NOT NULL,
    password_is_temporary INTEGER NOT NULL,
    locale TEXT,
    created_at TEXT NOT NULL,
    disabled_at TEXT
) STRICT;

-- There is one administrator.
CREATE UNIQUE INDEX accounts_administrator ON accounts (role) WHERE role = 'administrator' AND disabled_at IS NULL;

CREATE TABLE sessions (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    secret_hash BLOB NOT NULL,
    csrf TEXT NOT NULL,
    flash TEXT,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_seen ON sessions (seen_at);

-- Counters against guessing: of logins, network addresses, messenger accounts, the whole installation.
CREATE TABLE throttles (
    subject TEXT PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    window_began TEXT NOT NULL,
    refused_until TEXT,
    strikes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX throttles_began ON throttles (window_began);

-- The one row of settings that the administrator changes in the panel.
CREATE TABLE settings (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    admin_email TEXT,
    smtp_host TEXT,
    smtp_port INTEGER,
    smtp_sender TEXT,
    smtp_password BLOB,
    smtp_sender_name TEXT,
    version INTEGER NOT NULL
) STRICT;
INSERT INTO settings (id, version) VALUES (1, 1);

-- Who, when, what, with old and new values; never passwords, codes or tokens (PT-285).
CREATE TABLE audit (
    id BLOB PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    author TEXT NOT NULL,
    account_id BLOB,
    address TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BLOB,
    changes TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject_id, id);
