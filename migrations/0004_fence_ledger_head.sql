-- One statement can append a batch: it extends the head only where it finds the head its writer has verified. A writer
-- that has lost the reply to such a statement must be able to rule out that it still arrives later: it raises the
-- fence, which every such statement names, and then looks whether the batch is there.

ALTER TABLE ledger_head ADD COLUMN fence bigint NOT NULL DEFAULT 0;

-- The same guard, asked without a call of the function for each batch: a head grows, or it stays and its fence rises.
CREATE OR REPLACE FUNCTION ledger_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: its head cannot go from % back to %', OLD.size, NEW.size
        USING ERRCODE = 'insufficient_privilege';
END
$$;
DROP TRIGGER only_grows ON ledger_head;
CREATE TRIGGER only_grows BEFORE UPDATE ON ledger_head
    FOR EACH ROW
    WHEN (NEW.fence < OLD.fence
          OR NEW.size < OLD.size
          OR (NEW.size = OLD.size
              AND (NEW.fence = OLD.fence
                   OR (NEW.root, NEW.frontier, NEW.last_leaf) IS DISTINCT FROM (OLD.root, OLD.frontier, OLD.last_leaf))))
    EXECUTE FUNCTION ledger_head_grows();
ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER only_grows;

-- A payload of a few kilobytes stays in its row: moved out of it, it costs a second table and its index.
ALTER TABLE ledger_payload SET (toast_tuple_target = 8160);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_writer') THEN
        GRANT UPDATE (fence) ON ledger_head TO countersign_writer;
    END IF;
END
$$;
