-- What senders have taken and of which they have not written yet what became: one row a channel, so that taking a message
-- changes nothing in the message.
CREATE TABLE flights (
    channel TEXT PRIMARY KEY NOT NULL,
    -- Whose turn it is: the epoch of the sender's lease.
    epoch INTEGER NOT NULL,
    -- A list of ids of the outbox.
    under_way TEXT NOT NULL
) STRICT;
INSERT INTO flights (channel, epoch, under_way)
    SELECT channel, COALESCE(max(epoch), 0), json_group_array(lower(hex(id))) FROM outbox WHERE state = 'sending' GROUP BY channel;

-- The outbox anew: a message stays queued while it is under way, and a reminder's message has no cause but its reminder.
CREATE TABLE outbox_anew (
    id BLOB PRIMARY KEY NOT NULL,
    -- A messenger's name or 'email'.
    channel TEXT NOT NULL,
    -- Chat or mail address.
    recipient TEXT NOT NULL,
    person_id BLOB REFERENCES persons (id),
    occurrence_id BLOB,
    -- One cause, one message.
    cause TEXT,
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
    -- How often it was tried.
    attempt INTEGER NOT NULL,
    -- Sent once more after an unknown outcome (PT-D42).
    is_repeat INTEGER NOT NULL,
    external_id TEXT,
    last_error TEXT,
    -- Why it ended without arriving, as one of a few kinds.
    fault TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT
) STRICT;
INSERT INTO outbox_anew (id, channel, recipient, person_id, occurrence_id, cause, priority, payload, state, due_at, retry_at,
        expires_at, attempt, is_repeat, external_id, last_error, fault, created_at, finished_at)
    SELECT id, channel, recipient, person_id, occurrence_id, CASE WHEN occurrence_id IS NULL THEN cause END, priority, payload,
        CASE WHEN state = 'sending' THEN 'queued' ELSE state END, due_at, retry_at, expires_at,
        CASE WHEN state = 'sending' THEN attempt - 1 ELSE attempt END, is_repeat, external_id, last_error, fault, created_at,
        finished_at
    FROM outbox ORDER BY id;
DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;
CREATE UNIQUE INDEX outbox_cause ON outbox (cause) WHERE cause IS NOT NULL;
-- One reminder, one message in each messenger.
CREATE UNIQUE INDEX outbox_occurrence ON outbox (occurrence_id, channel) WHERE occurrence_id IS NOT NULL;
CREATE INDEX outbox_queue ON outbox (channel, priority, due_at, id) WHERE state = 'queued';
-- Who stands before whom in one chat: a row stays in it from its beginning to its end.
CREATE INDEX outbox_chat ON outbox (channel, recipient) WHERE finished_at IS NULL;
CREATE INDEX outbox_retrying ON outbox (channel, retry_at) WHERE state = 'queued' AND retry_at IS NOT NULL;
CREATE INDEX outbox_expiring ON outbox (channel, expires_at) WHERE state = 'queued' AND expires_at IS NOT NULL;
CREATE INDEX outbox_said ON outbox (channel, recipient) WHERE occurrence_id IS NULL;
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX outbox_failed ON outbox (channel, id) WHERE state = 'failed';
CREATE INDEX outbox_faults ON outbox (channel, fault, id) WHERE fault IS NOT NULL;
