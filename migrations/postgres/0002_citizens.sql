CREATE TABLE citizens (
    -- The order of creation: new citizens stand at the end of the list (PT-075, PT-D07).
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id UUID NOT NULL UNIQUE REFERENCES persons (id),
    curator_id UUID REFERENCES curators (person_id),
    district_id UUID REFERENCES districts (id),
    birth_date DATE,
    inn TEXT,
    situation TEXT,
    situation_key TEXT,
    diary TEXT,
    inactive BOOLEAN NOT NULL,
    inactive_until DATE,
    created_by TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- The form that made the card: a double click saves it once.
    submission UUID UNIQUE,
    version BIGINT NOT NULL DEFAULT 1,
    deleted_at TIMESTAMPTZ
);
CREATE INDEX citizens_alive ON citizens (seq) WHERE deleted_at IS NULL;
CREATE INDEX citizens_curator ON citizens (curator_id, seq) WHERE deleted_at IS NULL;
CREATE INDEX citizens_district ON citizens (district_id, seq) WHERE deleted_at IS NULL;
CREATE INDEX citizens_inn ON citizens (inn) WHERE inn IS NOT NULL;
CREATE INDEX citizens_inactive_until ON citizens (inactive_until) WHERE inactive_until IS NOT NULL;

-- Search by any part of a name or situation (PT-257, PT-258): trigrams; seq is citizens.seq.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE citizen_search (
    seq BIGINT PRIMARY KEY NOT NULL REFERENCES citizens (seq),
    name TEXT NOT NULL,
    situation TEXT NOT NULL
);
CREATE INDEX citizen_search_name ON citizen_search USING gin (name gin_trgm_ops);
CREATE INDEX citizen_search_situation ON citizen_search USING gin (situation gin_trgm_ops);

CREATE TABLE special_groups (
    id UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ
);

CREATE TABLE citizen_groups (
    person_id UUID NOT NULL REFERENCES citizens (person_id),
    group_id UUID NOT NULL REFERENCES special_groups (id),
    PRIMARY KEY (person_id, group_id)
);
CREATE INDEX citizen_groups_group ON citizen_groups (group_id, person_id);

-- Activation codes (machine 3.1). The code itself is erased when it is used or revoked.
CREATE TABLE activation_codes (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES persons (id),
    code TEXT UNIQUE,
    state TEXT NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    valid_until TIMESTAMPTZ NOT NULL,
    extensions BIGINT NOT NULL,
    ended_at TIMESTAMPTZ
);
-- One live code per citizen.
CREATE UNIQUE INDEX activation_codes_live ON activation_codes (person_id) WHERE code IS NOT NULL;

-- Bot links (machine 3.2).
CREATE TABLE links (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES persons (id),
    messenger TEXT NOT NULL,
    account TEXT NOT NULL,
    chat TEXT NOT NULL,
    state TEXT NOT NULL,
    linked_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
-- One live link per account, and per person and messenger.
CREATE UNIQUE INDEX links_account ON links (messenger, account) WHERE state <> 'unlinked';
CREATE UNIQUE INDEX links_person ON links (person_id, messenger) WHERE state <> 'unlinked';
