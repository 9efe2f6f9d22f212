-- Why a message ended without arriving, as one of a few kinds; what was said of it stays in last_error.
ALTER TABLE outbox ADD COLUMN fault TEXT;
UPDATE outbox SET fault = CASE
        WHEN state = 'expired' AND attempt = 0 THEN 'too_late'
        WHEN state = 'expired' THEN 'gave_up'
        WHEN last_error = 'bot_blocked' THEN 'blocked'
        WHEN is_repeat THEN 'unknown_twice'
        WHEN channel = 'email' THEN 'letter_refused'
        ELSE 'refused' END
    WHERE state IN ('failed', 'expired');
CREATE INDEX outbox_faults ON outbox (channel, fault, id) WHERE fault IS NOT NULL;

-- Channels in which sending stands still, or seems to since the last look.
CREATE TABLE standstills (
    channel TEXT PRIMARY KEY NOT NULL,
    cause TEXT NOT NULL,
    -- In the words of the messenger or mail server.
    detail TEXT,
    since TEXT NOT NULL,
    -- The first of the looks in a row that found it, and the latest one.
    suspected_at TEXT NOT NULL,
    looked_at TEXT NOT NULL,
    -- NULL while it is only suspected.
    begun_at TEXT,
    -- When the administrator was written to.
    told_at TEXT
) STRICT;
