-- Personal data: consent, final erasure, the journal, import of citizens.

-- When nothing of the person was left but the skeleton that figures need (PT-D12).
ALTER TABLE citizens ADD COLUMN erased_at TEXT;
CREATE INDEX citizens_to_erase ON citizens (deleted_at) WHERE deleted_at IS NOT NULL AND erased_at IS NULL;
-- By which erasure and export find everything of one person.
CREATE INDEX activation_codes_person ON activation_codes (person_id);
CREATE INDEX links_everyone ON links (person_id);
CREATE INDEX outbox_recipient ON outbox (channel, recipient);
CREATE INDEX inbox_chat ON inbox (messenger, chat);
CREATE INDEX web_messages_typed ON web_messages (created_at) WHERE author = 'citizen' AND NOT is_file;
-- Filters of «Журнал».
CREATE INDEX audit_author ON audit (author, id);
CREATE INDEX audit_action ON audit (action, id);

-- What is deleted from the search is overwritten, not only forgotten.
INSERT INTO citizen_search (citizen_search, rank) VALUES ('secure-delete', 1);

-- Texts of the consent as they were shown; a text that changes is a new version.
CREATE TABLE consent_texts (
    version TEXT PRIMARY KEY NOT NULL,
    text TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- Who agreed to which text, when, in which messenger.
CREATE TABLE consents (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES citizens (person_id),
    version TEXT NOT NULL REFERENCES consent_texts (version),
    messenger TEXT NOT NULL,
    given_at TEXT NOT NULL
) STRICT;
CREATE INDEX consents_person ON consents (person_id, id);

-- A table of citizens that was handed in, from its preview to its end or its undoing.
CREATE TABLE imports (
    id BLOB PRIMARY KEY NOT NULL,
    file_name TEXT NOT NULL,
    -- Headings that no field of the card takes.
    ignored TEXT NOT NULL,
    state TEXT NOT NULL,
    -- What to do with those already there: 'skip' or 'fill'.
    existing TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    address TEXT NOT NULL,
    -- The last row dealt with in the present state.
    done_to INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    finished_at TEXT
) STRICT;
CREATE INDEX imports_working ON imports (id) WHERE state IN ('checking', 'running', 'undoing');
CREATE INDEX imports_finished ON imports (changed_at) WHERE state NOT IN ('checking', 'running', 'undoing', 'forgotten');

CREATE TABLE import_rows (
    import_id BLOB NOT NULL REFERENCES imports (id),
    -- As the spreadsheet counts them.
    number INTEGER NOT NULL,
    -- The fields of the card as typed; NULL once they are not needed any more.
    fields TEXT,
    -- 'unchecked', 'new', 'known', 'faulty'; then 'created', 'filled', 'skipped', 'refused', 'undone', 'kept'.
    state TEXT NOT NULL,
    -- What is wrong, field by field.
    faults TEXT,
    -- The citizen found or made.
    person_id BLOB REFERENCES citizens (person_id),
    -- Which fields were filled.
    filled TEXT,
    -- The card's version after the import: a later one means that somebody changed it.
    version INTEGER,
    PRIMARY KEY (import_id, number)
) STRICT;
CREATE INDEX import_rows_state ON import_rows (import_id, state, number);
CREATE INDEX import_rows_person ON import_rows (person_id) WHERE person_id IS NOT NULL;
