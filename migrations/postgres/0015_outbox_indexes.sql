-- Every index on the outbox is paid for with every reminder, so there are no more than its questions need.
-- A reminder's message is found by its reminder; only what carries none is looked for by its chat.
DROP INDEX outbox_recipient;
CREATE INDEX outbox_said ON outbox (channel, recipient) WHERE occurrence_id IS NULL;
-- Who stands before whom in one chat: a row stays in it from its beginning to its end, whether it waits or is under way.
DROP INDEX outbox_chat;
CREATE INDEX outbox_chat ON outbox (channel, recipient) WHERE finished_at IS NULL;
