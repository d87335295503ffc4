-- The audit log. PostgreSQL 14 or later. See README.md for the rules that hold here.

-- One row: where the log ends. Writers take turns by locking it.
CREATE TABLE ledger_head (
    single    boolean PRIMARY KEY DEFAULT true CHECK (single),
    size      bigint  NOT NULL CHECK (size >= 0),
    root      bytea   NOT NULL CHECK (octet_length(root) = 32),
    frontier  bytea   NOT NULL CHECK (octet_length(frontier) % 32 = 0),
    last_leaf bytea   NOT NULL CHECK (octet_length(last_leaf) = 32)
);

-- The empty tree: SHA-256 of nothing, no frontier, no last leaf.
INSERT INTO ledger_head (size, root, frontier, last_leaf)
VALUES (0, sha256(''::bytea), ''::bytea, decode(repeat('00', 32), 'hex'));

-- The records. `record` is what is hashed; `kind` is a copy that verification compares.
-- `stored_at` is the database's own clock, which the writer's role cannot set: a second opinion on the record's time.
CREATE TABLE ledger_record (
    seq       bigint      PRIMARY KEY CHECK (seq >= 0),
    kind      smallint    NOT NULL,
    record    bytea       NOT NULL CHECK (octet_length(record) <= 699),
    leaf_hash bytea       NOT NULL CHECK (octet_length(leaf_hash) = 32),
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Sealed content that records commit to, by group tag.
CREATE TABLE ledger_payload (
    seq        bigint   NOT NULL,
    grp        smallint NOT NULL,
    ciphertext bytea    NOT NULL,
    PRIMARY KEY (seq, grp)
);

-- Ciphertext does not compress: do not try.
ALTER TABLE ledger_payload ALTER COLUMN ciphertext SET STORAGE EXTERNAL;

-- Signed statements, one for each committed batch. The unique key makes "did my commit arrive?" answerable.
CREATE TABLE ledger_batch (
    first_seq     bigint PRIMARY KEY CHECK (first_seq >= 0),
    count         integer NOT NULL CHECK (count > 0),
    previous_root bytea  NOT NULL CHECK (octet_length(previous_root) = 32),
    root          bytea  NOT NULL CHECK (octet_length(root) = 32),
    node          uuid   NOT NULL,
    boot          uuid   NOT NULL,
    batch_no      bigint NOT NULL CHECK (batch_no >= 0),
    key_id        bytea  NOT NULL CHECK (octet_length(key_id) = 32),
    signature     bytea  NOT NULL CHECK (octet_length(signature) = 64),
    UNIQUE (node, boot, batch_no)
);

-- Ed25519 public keys of the nodes. Being here is a claim, not trust: compare ids with what the nodes print.
CREATE TABLE ledger_key (
    key_id     bytea PRIMARY KEY CHECK (octet_length(key_id) = 32),
    public_key bytea NOT NULL UNIQUE CHECK (octet_length(public_key) = 32),
    node       uuid  NOT NULL,
    stored_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Intents that wait for their outcome; kept by the writer in the same transaction. Derived, so not evidence.
CREATE TABLE ledger_open_intent (
    exchange uuid   PRIMARY KEY,
    seq      bigint NOT NULL,
    session  uuid,
    node     uuid   NOT NULL,
    boot     uuid   NOT NULL,
    opened   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Data keys, sealed under the master key: one for each session, and one for each boot (records outside sessions).
-- Deleting a row erases the content it protects, for good; the records stay.
CREATE TABLE session_key (
    session   uuid  PRIMARY KEY,
    wrapped   bytea NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Append-only, whoever asks. ENABLE ALWAYS, so that session_replication_role does not switch it off.
-- A superuser can still remove a trigger: that is what the hash chain is for.
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION ledger_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size <= OLD.size THEN
        RAISE EXCEPTION 'the audit log is append-only: its head cannot go from % back to %', OLD.size, NEW.size
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['ledger_record', 'ledger_payload', 'ledger_batch', 'ledger_key'] LOOP
        EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()', name);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER refuse_change', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['ledger_record', 'ledger_payload', 'ledger_batch', 'ledger_key', 'ledger_head'] LOOP
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', name);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER refuse_truncate', name);
    END LOOP;
END
$$;

CREATE TRIGGER refuse_change BEFORE DELETE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change();
ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER refuse_change;
CREATE TRIGGER only_grows BEFORE UPDATE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_head_grows();
ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER only_grows;

-- The writer's role. Roles belong to the cluster, so another database may have made it, or be making it now.
-- Where the migrating user may not create roles the triggers stand alone, and the self-check says so.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_writer') THEN
        BEGIN
            CREATE ROLE countersign_writer NOLOGIN;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN
                NULL;
            WHEN insufficient_privilege THEN
                RAISE NOTICE 'may not create role countersign_writer: going on without role separation';
        END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_writer')
       AND NOT pg_has_role(current_user, 'countersign_writer', 'MEMBER') THEN
        BEGIN
            EXECUTE format('GRANT countersign_writer TO %I', current_user);
        EXCEPTION
            -- internal_error: two databases granting at once ("tuple concurrently updated").
            WHEN insufficient_privilege OR unique_violation OR internal_error THEN
                RAISE NOTICE 'may not use role countersign_writer: going on without role separation';
        END;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_writer') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO countersign_writer', current_schema());
        GRANT SELECT ON ledger_head, ledger_record, ledger_payload, ledger_batch, ledger_key,
            ledger_open_intent, session_key TO countersign_writer;
        GRANT UPDATE (size, root, frontier, last_leaf) ON ledger_head TO countersign_writer;
        GRANT INSERT (seq, kind, record, leaf_hash) ON ledger_record TO countersign_writer;
        GRANT INSERT ON ledger_payload, ledger_batch TO countersign_writer;
        GRANT INSERT (key_id, public_key, node) ON ledger_key TO countersign_writer;
        GRANT INSERT (exchange, seq, session, node, boot), DELETE ON ledger_open_intent TO countersign_writer;
        GRANT INSERT (session, wrapped) ON session_key TO countersign_writer;
    END IF;
END
$$;
