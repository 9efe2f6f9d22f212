-- Further browsers of a web chat. The first one's key stands in web_chats itself.
CREATE TABLE web_chat_keys (
    id UUID PRIMARY KEY NOT NULL,
    chat_id UUID NOT NULL REFERENCES web_chats (id) ON DELETE CASCADE,
    -- Of the invitation until it is taken up, then of the browser.
    secret_hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    -- Until when the invitation may be taken up; NULL once it was.
    valid_until TIMESTAMPTZ
);
CREATE INDEX web_chat_keys_chat ON web_chat_keys (chat_id);
