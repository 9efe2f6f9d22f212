-- «Напоминание (задание)»: a rule with its text. Local date and time are the stored truth (PT-D29).
CREATE TABLE series (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES citizens (person_id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    repetition TEXT NOT NULL,
    every BIGINT NOT NULL,
    -- Monday is bit 0.
    weekdays BIGINT NOT NULL,
    -- The day a monthly rule wants; shorter months give their last day (PT-D31).
    month_day BIGINT,
    start_date DATE NOT NULL,
    local_time TIME NOT NULL,
    times BIGINT,
    end_date DATE,
    advance_minutes BIGINT NOT NULL,
    author TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    submission UUID UNIQUE,
    version BIGINT NOT NULL DEFAULT 1,
    ended_at TIMESTAMPTZ,
    -- The next occurrence to come due; all NULL when there is none.
    next_ordinal BIGINT,
    next_date DATE,
    -- When it must be handed over: its moment minus the advance notice.
    next_due_at TIMESTAMPTZ
);
CREATE INDEX series_due ON series (next_due_at, id) WHERE next_due_at IS NOT NULL;
CREATE INDEX series_person ON series (person_id, start_date);

-- «Исключение»: inclusive ranges of local dates.
CREATE TABLE exclusions (
    series_id UUID NOT NULL REFERENCES series (id),
    first_date DATE NOT NULL,
    last_date DATE NOT NULL,
    PRIMARY KEY (series_id, first_date)
);

-- Occurrences that came due or of which something was said (machine 3.3); the rest is expanded from the rule.
CREATE TABLE occurrences (
    id UUID PRIMARY KEY NOT NULL,
    series_id UUID NOT NULL REFERENCES series (id),
    ordinal BIGINT NOT NULL,
    person_id UUID NOT NULL REFERENCES citizens (person_id),
    kind TEXT NOT NULL,
    local_date DATE NOT NULL,
    local_time TIME NOT NULL,
    -- The moment of the event; a meeting's message may go earlier.
    due_at TIMESTAMPTZ NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    delivered_at TIMESTAMPTZ,
    reacted_at TIMESTAMPTZ,
    reacted_by TEXT,
    -- Late ones of which the curator was not told yet (PT-D40).
    summary_pending BOOLEAN NOT NULL,
    UNIQUE (series_id, ordinal)
);
CREATE INDEX occurrences_person ON occurrences (person_id, local_date);
CREATE INDEX occurrences_deviating ON occurrences (person_id, due_at) WHERE state IN ('awaiting', 'missed', 'undelivered');
CREATE INDEX occurrences_summary ON occurrences (person_id) WHERE summary_pending;

-- «Типы сообщений (файлов)».
CREATE TABLE file_types (
    id UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    deleted_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX file_types_name ON file_types (name_key) WHERE deleted_at IS NULL;

-- «Файлы пользователя».
CREATE TABLE files (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES citizens (person_id),
    messenger TEXT NOT NULL,
    chat TEXT NOT NULL,
    -- The messenger's handle; erased once fetched.
    source TEXT,
    album TEXT,
    name TEXT NOT NULL,
    size BIGINT,
    media_type TEXT NOT NULL,
    caption TEXT,
    type_id UUID REFERENCES file_types (id),
    received_at TIMESTAMPTZ NOT NULL,
    storage_key TEXT,
    sha256 BYTEA,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMPTZ,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX files_person ON files (person_id, id);
CREATE INDEX files_waiting ON files (next_attempt_at) WHERE state = 'receiving';

-- «История взаимодействия» (machine 3.4).
CREATE TABLE contacts (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES citizens (person_id),
    initiator TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- What the citizen wrote with the request.
    comment TEXT,
    result TEXT NOT NULL,
    edited_by TEXT,
    edited_at TIMESTAMPTZ,
    handled_at TIMESTAMPTZ,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX contacts_person ON contacts (person_id, id);

-- «Активность» (machine 3.6): one cause gives one record.
CREATE TABLE activity (
    id UUID PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES citizens (person_id),
    curator_id UUID REFERENCES curators (person_id),
    district_id UUID REFERENCES districts (id),
    cause TEXT NOT NULL UNIQUE,
    file_id UUID REFERENCES files (id),
    contact_id UUID REFERENCES contacts (id),
    occurrence_id UUID REFERENCES occurrences (id),
    created_at TIMESTAMPTZ NOT NULL,
    processed_at TIMESTAMPTZ,
    processed_by TEXT
);
CREATE INDEX activity_person ON activity (person_id, id);
CREATE INDEX activity_contact ON activity (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX activity_occurrence ON activity (occurrence_id) WHERE occurrence_id IS NOT NULL;
CREATE INDEX activity_waiting ON activity (curator_id, id) WHERE processed_at IS NULL;
