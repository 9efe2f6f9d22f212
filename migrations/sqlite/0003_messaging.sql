-- The only way out (design D4): messages and letters.
CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    -- A messenger's name or 'email'.
    channel TEXT NOT NULL,
    -- Chat or mail address.
    recipient TEXT NOT NULL,
    person_id BLOB REFERENCES persons (id),
    occurrence_id BLOB,
    -- One cause, one message.
    cause TEXT UNIQUE,
    -- 0 answers to people, 1 reminders, 2 the rest.
    priority INTEGER NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Not before; with priority and id also the order within a chat.
    due_at TEXT NOT NULL,
    -- After a passing failure: not before this either.
    retry_at TEXT,
    -- Not after.
    expires_at TEXT,
    attempt INTEGER NOT NULL,
    lease_until TEXT,
    -- The sender's epoch: a result of an older epoch is dropped.
    epoch INTEGER,
    -- Sent once more after an unknown outcome (PT-D42).
    is_repeat INTEGER NOT NULL,
    external_id TEXT,
    last_error TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT
) STRICT;
CREATE INDEX outbox_queue ON outbox (channel, priority, due_at, id) WHERE state = 'queued';
CREATE INDEX outbox_sending ON outbox (channel, lease_until) WHERE state = 'sending';
-- Who stands before whom in one chat.
CREATE INDEX outbox_chat ON outbox (channel, recipient, priority, due_at, id) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_retrying ON outbox (channel, retry_at) WHERE state = 'queued' AND retry_at IS NOT NULL;
CREATE INDEX outbox_expiring ON outbox (channel, expires_at) WHERE state = 'queued' AND expires_at IS NOT NULL;
CREATE INDEX outbox_occurrence ON outbox (occurrence_id) WHERE occurrence_id IS NOT NULL;
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX outbox_failed ON outbox (channel, id) WHERE state = 'failed';

-- Who may do what nobody else may do at the same time (one sender per bot).
CREATE TABLE leases (
    name TEXT PRIMARY KEY NOT NULL,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    until TEXT NOT NULL,
    -- The messenger asked for silence until then (PT-D41).
    paused_until TEXT
) STRICT;

-- What is known of each messenger's bot: its public name, and what is wrong with it if anything.
CREATE TABLE bots (
    messenger TEXT PRIMARY KEY NOT NULL,
    name TEXT,
    trouble TEXT,
    changed_at TEXT NOT NULL
) STRICT;

-- What arrived (design D6): stored first, confirmed to the messenger second, processed third.
CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    messenger TEXT NOT NULL,
    update_key TEXT NOT NULL,
    chat TEXT NOT NULL,
    payload TEXT NOT NULL,
    received_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    processed_at TEXT,
    last_error TEXT,
    UNIQUE (messenger, update_key)
) STRICT;
CREATE INDEX inbox_waiting ON inbox (seq) WHERE processed_at IS NULL;
CREATE INDEX inbox_processed ON inbox (processed_at) WHERE processed_at IS NOT NULL;

-- Where a conversation stands.
CREATE TABLE conversations (
    messenger TEXT NOT NULL,
    account TEXT NOT NULL,
    state TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (messenger, account)
) STRICT;

-- Browsers that talk through the web chat; the id is their account in the messenger 'web'.
CREATE TABLE web_chats (
    id BLOB PRIMARY KEY NOT NULL,
    secret_hash BLOB NOT NULL,
    menu TEXT,
    -- The answer to the last press, shown once.
    notice TEXT,
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX web_chats_seen ON web_chats (seen_at);

CREATE TABLE web_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id BLOB NOT NULL UNIQUE,
    chat_id BLOB NOT NULL REFERENCES web_chats (id),
    -- The message of the outbox it came from: handing it over twice shows it once.
    outbox_id BLOB UNIQUE,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    buttons TEXT,
    is_file INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    edited_at TEXT
) STRICT;
CREATE INDEX web_messages_chat ON web_messages (chat_id, seq);

-- Periodic jobs of the installation and when they ran last.
CREATE TABLE periodic_jobs (
    name TEXT PRIMARY KEY NOT NULL,
    ran_at TEXT NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
