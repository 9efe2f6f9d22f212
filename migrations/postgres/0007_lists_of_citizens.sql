-- Ticks of «Пользователи» (PT-264): they belong to a session and survive paging.
CREATE TABLE selections (
    session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    person_id UUID NOT NULL REFERENCES citizens (person_id) ON DELETE CASCADE,
    PRIMARY KEY (session_id, person_id)
);
CREATE INDEX selections_person ON selections (person_id);

-- Deleted citizens, until they are erased for good (PT-D12).
CREATE INDEX citizens_deleted ON citizens (deleted_at, person_id) WHERE deleted_at IS NOT NULL;

-- Files for Excel that were asked for (PT-271, PT-273, PT-278).
CREATE TABLE exports (
    id UUID PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Made by the worker; small ones are made while one waits.
    in_background BOOLEAN NOT NULL,
    account_id UUID,
    locale TEXT NOT NULL,
    file_name TEXT NOT NULL,
    -- Citizens in all, and those written so far.
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
CREATE INDEX exports_queued ON exports (id) WHERE state = 'queued';
CREATE INDEX exports_created ON exports (created_at);

-- The citizens of an export as they were chosen; a row is citizens.seq.
CREATE TABLE export_rows (
    export_id UUID NOT NULL REFERENCES exports (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    PRIMARY KEY (export_id, seq)
);
