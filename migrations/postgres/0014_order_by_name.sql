-- «Пользователи» in the order of «ФИО»: the key of the name stands on the card, so that one index gives the order of everybody, of one
-- curator's and of one district's.
ALTER TABLE citizens ADD COLUMN name_key TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE citizens SET name_key = p.name_key FROM persons p WHERE p.id = citizens.person_id;
CREATE INDEX citizens_name ON citizens (name_key, seq) WHERE deleted_at IS NULL;
CREATE INDEX citizens_curator_name ON citizens (curator_id, name_key, seq) WHERE deleted_at IS NULL;
CREATE INDEX citizens_district_name ON citizens (district_id, name_key, seq) WHERE deleted_at IS NULL;

-- What lies ahead of everybody steps over excluded dates and over reminders deleted or moved before they were sent.
CREATE INDEX exclusions_ahead ON exclusions (last_date, first_date, series_id);
CREATE INDEX occurrences_cancelled ON occurrences (local_date, series_id, ordinal) WHERE state = 'cancelled';
