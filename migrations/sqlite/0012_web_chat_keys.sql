-- Further browsers of a web chat. The first one's key stands in web_chats itself.
CREATE TABLE web_chat_keys (
    id BLOB PRIMARY KEY NOT NULL,
    chat_id BLOB NOT NULL REFERENCES web_chats (id) ON DELETE CASCADE,
    -- Of the invitation until it is taken up, then of the browser.
    secret_hash BLOB NOT NULL,
    created_at TEXT NOT NULL,
    -- Until when the invitation may be taken up; NULL once it was.
    valid_until TEXT
) STRICT;
CREATE INDEX web_chat_keys_chat ON web_chat_keys (chat_id);
