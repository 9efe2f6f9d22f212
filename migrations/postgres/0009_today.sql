-- «Сегодня»: what waits, by kind.
CREATE INDEX activity_open ON activity (kind, id) WHERE processed_at IS NULL;
CREATE INDEX occurrences_late ON occurrences (due_at) WHERE state IN ('awaiting', 'missed', 'undelivered');
CREATE INDEX occurrences_meetings ON occurrences (local_date) WHERE kind = 'meeting';
CREATE INDEX series_meetings ON series (next_date) WHERE kind = 'meeting';
CREATE INDEX links_blocked ON links (changed_at) WHERE state = 'blocked';
CREATE INDEX activation_codes_ending ON activation_codes (valid_until) WHERE code IS NOT NULL;

-- What went unusually with the message of a reminder: one row a cause, however often it happened (design D5).
CREATE TABLE delivery_incidents (
    occurrence_id UUID NOT NULL,
    channel TEXT NOT NULL,
    incident TEXT NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    times BIGINT NOT NULL,
    detail TEXT,
    PRIMARY KEY (occurrence_id, channel, incident)
);
CREATE INDEX delivery_incidents_last ON delivery_incidents (last_at);

-- When we did not work: everything, or the sending to one messenger.
CREATE TABLE downtimes (
    channel TEXT,
    began_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX downtimes_ended ON downtimes (ended_at);

-- «Сводка»: what became of the reminders of each day, by curator and district of the night it was counted in.
CREATE TABLE tallies (
    day DATE NOT NULL,
    curator_id UUID,
    district_id UUID,
    measure TEXT NOT NULL,
    number BIGINT NOT NULL
);
CREATE INDEX tallies_day ON tallies (day);
CREATE INDEX tallies_curator ON tallies (curator_id, day);

-- The days that were counted.
CREATE TABLE tally_days (
    day DATE PRIMARY KEY NOT NULL,
    counted_at TIMESTAMPTZ NOT NULL
);
