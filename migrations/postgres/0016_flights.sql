-- What senders have taken and of which they have not written yet what became: one row a channel, so that taking a message
-- changes nothing in the message.
CREATE TABLE flights (
    channel TEXT PRIMARY KEY NOT NULL,
    -- Whose turn it is: the epoch of the sender's lease.
    epoch BIGINT NOT NULL,
    -- A list of ids of the outbox.
    under_way JSONB NOT NULL
);
INSERT INTO flights (channel, epoch, under_way)
    SELECT channel, COALESCE(max(epoch), 0), jsonb_agg(id) FROM outbox WHERE state = 'sending' GROUP BY channel;

-- A message stays queued while it is under way, and a reminder's message has no cause but its reminder.
UPDATE outbox SET state = 'queued', attempt = attempt - 1 WHERE state = 'sending';
DROP INDEX outbox_sending;
ALTER TABLE outbox DROP COLUMN epoch;
ALTER TABLE outbox DROP CONSTRAINT outbox_cause_key;
UPDATE outbox SET cause = NULL WHERE occurrence_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_cause ON outbox (cause) WHERE cause IS NOT NULL;
-- One reminder, one message in each messenger.
DROP INDEX outbox_occurrence;
CREATE UNIQUE INDEX outbox_occurrence ON outbox (occurrence_id, channel) WHERE occurrence_id IS NOT NULL;
