-- «Активность»: its list, and the records that Opora makes by itself (PT-D44 … PT-D46).

-- The local dates an automatic record speaks of. Those of one kind never overlap for one citizen.
ALTER TABLE activity ADD COLUMN first_date TEXT;
ALTER TABLE activity ADD COLUMN last_date TEXT;
-- What the citizen sent on these dates although nothing was marked (PT-D45).
ALTER TABLE activity ADD COLUMN files_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE activity ADD COLUMN requests_sent INTEGER NOT NULL DEFAULT 0;
CREATE INDEX activity_dates ON activity (person_id, kind, last_date) WHERE last_date IS NOT NULL;
CREATE INDEX activity_kind ON activity (kind, id);
-- Not ticked yet: for everybody in order, and by citizen, because the curator of now works on them (PT-D11).
DROP INDEX activity_waiting;
CREATE INDEX activity_waiting ON activity (id) WHERE processed_at IS NULL;
CREATE INDEX activity_waiting_person ON activity (person_id, id) WHERE processed_at IS NULL;

-- The first day after «неактивный»: what the automatic records look at begins anew with it (PT-D47).
ALTER TABLE citizens ADD COLUMN active_since TEXT;

-- The date of a series' last reminder, as of the version it was worked out for; 0: not worked out yet.
ALTER TABLE series ADD COLUMN ends_on TEXT;
ALTER TABLE series ADD COLUMN ends_on_version INTEGER NOT NULL DEFAULT 0;
CREATE INDEX series_without_end ON series (id) WHERE ends_on_version <> version;
CREATE INDEX series_ending ON series (ends_on, person_id) WHERE kind <> 'curator_reminder';

CREATE INDEX occurrences_missed ON occurrences (local_date, person_id) WHERE state = 'missed' AND kind <> 'curator_reminder';
-- Without an answer although it lay with the citizen or nobody else: yellow ones, and grey ones of these reasons.
CREATE INDEX occurrences_ignored ON occurrences (local_date, person_id) WHERE kind <> 'curator_reminder'
    AND (state = 'awaiting' OR (state = 'undelivered' AND reason IN ('bot_blocked', 'no_channel')));
CREATE INDEX occurrences_marked ON occurrences (person_id, reacted_at)
    WHERE reacted_at IS NOT NULL AND kind <> 'curator_reminder';

-- What is done once a day and the last local day it was done for.
CREATE TABLE daily_runs (
    name TEXT PRIMARY KEY NOT NULL,
    day TEXT NOT NULL
) STRICT;
