-- What the pages search: made from ledger rows by the projector, after the fact, and makeable again at any time.
--
-- Nothing here is evidence and nothing here is the only copy. The ledger transaction never touches these tables,
-- so their indexes cost the data path nothing; lag is `ledger size - next_seq`.

-- Substring search over callers. A contrib module, trusted since PostgreSQL 13: the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE projection_cursor (
    name       text        PRIMARY KEY,
    -- The first row number that is not yet taken in.
    next_seq   bigint      NOT NULL DEFAULT 0
);

INSERT INTO projection_cursor (name) VALUES ('search');

CREATE TABLE session (
    id              uuid        PRIMARY KEY,
    started_at      timestamptz NOT NULL,
    last_at         timestamptz NOT NULL,
    person_id       uuid,
    caller          text        NOT NULL,
    connection_name text        NOT NULL,
    model           text,
    exchanges       bigint      NOT NULL,
    refused         bigint      NOT NULL,
    findings        bigint      NOT NULL,
    -- Findings by entity, and exchanges by how they ended: {"name": count}.
    entities        jsonb       NOT NULL,
    ends            jsonb       NOT NULL,
    -- The keys of both, for the indexes.
    entity_names    text[]      NOT NULL,
    end_names       text[]      NOT NULL,
    -- The newest exchange, and how it ended.
    last_exchange   uuid        NOT NULL,
    last_end        text        NOT NULL,
    preview         text        NOT NULL
);

CREATE INDEX session_newest_idx     ON session (last_at DESC, id DESC);
CREATE INDEX session_connection_idx ON session (connection_name, last_at DESC, id DESC);
CREATE INDEX session_person_idx     ON session (person_id, last_at DESC, id DESC);
CREATE INDEX session_caller_idx     ON session USING gin (lower(caller) gin_trgm_ops);
CREATE INDEX session_entity_idx     ON session USING gin (entity_names);
CREATE INDEX session_end_idx        ON session USING gin (end_names);

CREATE TABLE exchange (
    id                uuid        PRIMARY KEY,
    session_id        uuid        NOT NULL,
    at                timestamptz NOT NULL,
    person_id         uuid,
    caller            text        NOT NULL,
    connection_name   text        NOT NULL,
    method            text        NOT NULL,
    path              text        NOT NULL,
    shape             text        NOT NULL,
    model             text,
    ended             text        NOT NULL,
    reason            text,
    status            integer,
    preview           text        NOT NULL,
    findings          bigint      NOT NULL,
    entities          jsonb       NOT NULL,
    prompt_tokens     bigint,
    completion_tokens bigint,
    -- Microseconds from arrival: intent committed, first and last byte released.
    recorded_micros   bigint,
    first_byte_micros bigint,
    duration_micros   bigint,
    intent_seq        bigint      NOT NULL,
    outcome_seq       bigint,
    -- The rows in between, where a long answer was put on record part by part.
    segment_seqs      bigint[]    NOT NULL
);

CREATE INDEX exchange_session_idx ON exchange (session_id, at, id);
CREATE INDEX exchange_newest_idx  ON exchange (at DESC, id DESC);
CREATE INDEX exchange_person_idx  ON exchange (person_id, at DESC);
CREATE INDEX exchange_open_idx    ON exchange (at) WHERE ended = 'open';

-- Everything in the ledger that is not an exchange.
CREATE TABLE event (
    seq       bigint      PRIMARY KEY,
    kind      text        NOT NULL,
    at        timestamptz NOT NULL,
    facts     jsonb       NOT NULL,
    leaf_hash bytea       NOT NULL
);
