-- Every reminder pays for every index, so there are no more than its questions need.
-- What is past its time is met by whoever takes what is due.
DROP INDEX outbox_expiring;
-- What was ignored within some days is found by its moment (occurrences_late).
DROP INDEX occurrences_ignored;
