-- The second factor of a sign-in (TOTP): one for an account at most.
CREATE TABLE second_factors (
    account_id UUID PRIMARY KEY NOT NULL REFERENCES accounts (id),
    -- Sealed with the key file.
    secret BYTEA NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    -- NULL until the first code was typed back: up to then it counts for nothing.
    confirmed_at TIMESTAMPTZ,
    -- The latest 30-second step whose code was taken: no code of it or of an earlier one is taken again.
    used_step BIGINT NOT NULL DEFAULT 0
);

-- Codes for who lost the device; hashes only.
CREATE TABLE recovery_codes (
    account_id UUID NOT NULL REFERENCES accounts (id),
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (account_id, code_hash)
);

-- Browsers that gave the right password and owe the code.
CREATE TABLE pending_sign_ins (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id),
    secret_hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX pending_sign_ins_account ON pending_sign_ins (account_id);
CREATE INDEX pending_sign_ins_created ON pending_sign_ins (created_at);

-- Devices and network addresses an account was signed in from: a new one is told to its holder.
CREATE TABLE known_places (
    account_id UUID NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, kind, name)
);
CREATE INDEX known_places_seen ON known_places (seen_at);

-- Who must have a second factor: nobody, administrator, everybody.
ALTER TABLE settings ADD COLUMN second_factor TEXT NOT NULL DEFAULT 'nobody';
ALTER TABLE settings ADD COLUMN sign_in_letters BOOLEAN NOT NULL DEFAULT TRUE;
