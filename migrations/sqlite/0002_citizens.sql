CREATE TABLE citizens (
    -- The order of creation: new citizens stand at the end of the list (PT-075, PT-D07).
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    person_id BLOB NOT NULL UNIQUE REFERENCES persons (id),
    curator_id BLOB REFERENCES curators (person_id),
    district_id BLOB REFERENCES districts (id),
    birth_date TEXT,
    inn TEXT,
    situation TEXT,
    situation_key TEXT,
    diary TEXT,
    inactive INTEGER NOT NULL,
    inactive_until TEXT,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- The form that made the card: a double click saves it once.
    submission BLOB UNIQUE,
    version INTEGER NOT NULL DEFAULT 1,
    deleted_at TEXT
) STRICT;
CREATE INDEX citizens_alive ON citizens (seq) WHERE deleted_at IS NULL;
CREATE INDEX citizens_curator ON citizens (curator_id, seq) WHERE deleted_at IS NULL;
CREATE INDEX citizens_district ON citizens (district_id, seq) WHERE deleted_at IS NULL;
CREATE INDEX citizens_inn ON citizens (inn) WHERE inn IS NOT NULL;
CREATE INDEX citizens_inactive_until ON citizens (inactive_until) WHERE inactive_until IS NOT NULL;

-- Search by any part of a name or situation (PT-257, PT-258): trigrams; rowid is citizens.seq.
CREATE VIRTUAL TABLE citizen_search USING fts5 (name, situation, tokenize = 'trigram case_sensitive 1');

CREATE TABLE special_groups (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    retired_at TEXT
) STRICT;

CREATE TABLE citizen_groups (
    person_id BLOB NOT NULL REFERENCES citizens (person_id),
    group_id BLOB NOT NULL REFERENCES special_groups (id),
    PRIMARY KEY (person_id, group_id)
) STRICT;
CREATE INDEX citizen_groups_group ON citizen_groups (group_id, person_id);

-- Activation codes (machine 3.1). The code itself is erased when it is used or revoked.
CREATE TABLE activation_codes (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES persons (id),
    code TEXT UNIQUE,
    state TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    extensions INTEGER NOT NULL,
    ended_at TEXT
) STRICT;
-- One live code per citizen.
CREATE UNIQUE INDEX activation_codes_live ON activation_codes (person_id) WHERE code IS NOT NULL;

-- Bot links (machine 3.2).
CREATE TABLE links (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES persons (id),
    messenger TEXT NOT NULL,
    account TEXT NOT NULL,
    chat TEXT NOT NULL,
    state TEXT NOT NULL,
    linked_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
-- One live link per account, and per person and messenger.
CREATE UNIQUE INDEX links_account ON links (messenger, account) WHERE state <> 'unlinked';
CREATE UNIQUE INDEX links_person ON links (person_id, messenger) WHERE state <> 'unlinked';
