-- The process that holds the lease: on a server its death is noticed at once, not when the lease runs out.
ALTER TABLE leases ADD COLUMN process INTEGER;

-- What a dead sender left under way is found by its epoch; messages have no lease of their own.
DROP INDEX outbox_sending;
ALTER TABLE outbox DROP COLUMN lease_until;
CREATE INDEX outbox_sending ON outbox (channel, epoch) WHERE state = 'sending';

-- What earlier starts have looked through, so that the next one follows only what has changed (PT-D29): 'bot' (whether it was on when
-- activation codes were looked through), 'tzdata' (version of the time zone data), 'house' (the installation's zone), 'zone NAME' (its
-- rules, as a short text that differs when they do), 'walk' (how far a look through the series has come).
CREATE TABLE marks (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
CREATE INDEX persons_zone ON persons (time_zone) WHERE time_zone IS NOT NULL;
