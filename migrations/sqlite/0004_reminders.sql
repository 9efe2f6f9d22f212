-- «Напоминание (задание)»: a rule with its text. Local date and time are the stored truth (PT-D29).
CREATE TABLE series (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES citizens (person_id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    repetition TEXT NOT NULL,
    every INTEGER NOT NULL,
    -- Monday is bit 0.
    weekdays INTEGER NOT NULL,
    -- The day a monthly rule wants; shorter months give their last day (PT-D31).
    month_day INTEGER,
    start_date TEXT NOT NULL,
    local_time TEXT NOT NULL,
    times INTEGER,
    end_date TEXT,
    advance_minutes INTEGER NOT NULL,
    author TEXT NOT NULL,
    created_at TEXT NOT NULL,
    submission BLOB UNIQUE,
    version INTEGER NOT NULL DEFAULT 1,
    ended_at TEXT,
    -- The next occurrence to come due; all NULL when there is none.
    next_ordinal INTEGER,
    next_date TEXT,
    -- When it must be handed over: its moment minus the advance notice.
    next_due_at TEXT
) STRICT;
CREATE INDEX series_due ON series (next_due_at, id) WHERE next_due_at IS NOT NULL;
CREATE INDEX series_person ON series (person_id, start_date);

-- «Исключение»: inclusive ranges of local dates.
CREATE TABLE exclusions (
    series_id BLOB NOT NULL REFERENCES series (id),
    first_date TEXT NOT NULL,
    last_date TEXT NOT NULL,
    PRIMARY KEY (series_id, first_date)
) STRICT;

-- Occurrences that came due or of which something was said (machine 3.3); the rest is expanded from the rule.
CREATE TABLE occurrences (
    id BLOB PRIMARY KEY NOT NULL,
    series_id BLOB NOT NULL REFERENCES series (id),
    ordinal INTEGER NOT NULL,
    person_id BLOB NOT NULL REFERENCES citizens (person_id),
    kind TEXT NOT NULL,
    local_date TEXT NOT NULL,
    local_time TEXT NOT NULL,
    -- The moment of the event; a meeting's message may go earlier.
    due_at TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    delivered_at TEXT,
    reacted_at TEXT,
    reacted_by TEXT,
    -- Late ones of which the curator was not told yet (PT-D40).
    summary_pending INTEGER NOT NULL,
    UNIQUE (series_id, ordinal)
) STRICT;
CREATE INDEX occurrences_person ON occurrences (person_id, local_date);
CREATE INDEX occurrences_deviating ON occurrences (person_id, due_at) WHERE state IN ('awaiting', 'missed', 'undelivered');
CREATE INDEX occurrences_summary ON occurrences (person_id) WHERE summary_pending;

-- «Типы сообщений (файлов)».
CREATE TABLE file_types (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    deleted_at TEXT
) STRICT;
CREATE UNIQUE INDEX file_types_name ON file_types (name_key) WHERE deleted_at IS NULL;

-- «Файлы пользователя».
CREATE TABLE files (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES citizens (person_id),
    messenger TEXT NOT NULL,
    chat TEXT NOT NULL,
    -- The messenger's handle; erased once fetched.
    source TEXT,
    album TEXT,
    name TEXT NOT NULL,
    size INTEGER,
    media_type TEXT NOT NULL,
    caption TEXT,
    type_id BLOB REFERENCES file_types (id),
    received_at TEXT NOT NULL,
    storage_key TEXT,
    sha256 BLOB,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX files_person ON files (person_id, id);
CREATE INDEX files_waiting ON files (next_attempt_at) WHERE state = 'receiving';

-- «История взаимодействия» (machine 3.4).
CREATE TABLE contacts (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES citizens (person_id),
    initiator TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- What the citizen wrote with the request.
    comment TEXT,
    result TEXT NOT NULL,
    edited_by TEXT,
    edited_at TEXT,
    handled_at TEXT,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX contacts_person ON contacts (person_id, id);

-- «Активность» (machine 3.6): one cause gives one record.
CREATE TABLE activity (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES citizens (person_id),
    curator_id BLOB REFERENCES curators (person_id),
    district_id BLOB REFERENCES districts (id),
    cause TEXT NOT NULL UNIQUE,
    file_id BLOB REFERENCES files (id),
    contact_id BLOB REFERENCES contacts (id),
    occurrence_id BLOB REFERENCES occurrences (id),
    created_at TEXT NOT NULL,
    processed_at TEXT,
    processed_by TEXT
) STRICT;
CREATE INDEX activity_person ON activity (person_id, id);
CREATE INDEX activity_contact ON activity (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX activity_occurrence ON activity (occurrence_id) WHERE occurrence_id IS NOT NULL;
CREATE INDEX activity_waiting ON activity (curator_id, id) WHERE processed_at IS NULL;
