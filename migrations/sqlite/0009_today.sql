-- «Сегодня»: what waits, by kind.
CREATE INDEX activity_open ON activity (kind, id) WHERE processed_at IS NULL;
CREATE INDEX occurrences_late ON occurrences (due_at) WHERE state IN ('awaiting', 'missed', 'undelivered');
CREATE INDEX occurrences_meetings ON occurrences (local_date) WHERE kind = 'meeting';
CREATE INDEX series_meetings ON series (next_date) WHERE kind = 'meeting';
CREATE INDEX links_blocked ON links (changed_at) WHERE state = 'blocked';
CREATE INDEX activation_codes_ending ON activation_codes (valid_until) WHERE code IS NOT NULL;
