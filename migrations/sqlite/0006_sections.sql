-- The calendar of all meetings (PT-223): the rules that can touch its days. No date of a rule is later than this.
ALTER TABLE series ADD COLUMN last_date TEXT NOT NULL DEFAULT '9999-12-31';
UPDATE series SET last_date = start_date WHERE repetition = 'none';
UPDATE series SET last_date = end_date WHERE end_date IS NOT NULL;
CREATE INDEX series_meetings_between ON series (last_date, start_date) WHERE kind = 'meeting';
