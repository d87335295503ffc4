-- Patterns and dictionaries of administrators. `rule` is the whole of it; the columns beside it are what lists and the sum
-- of all dictionaries need.
CREATE TABLE own_entity (
    id          uuid        PRIMARY KEY,
    name        text        NOT NULL,
    kind        text        NOT NULL,
    description text        NOT NULL,
    enabled     boolean     NOT NULL,
    rule        jsonb       NOT NULL,
    terms       bigint      NOT NULL,
    bytes       bigint      NOT NULL,
    version     bigint      NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CONSTRAINT own_entity_name_key       UNIQUE (name),
    CONSTRAINT own_entity_kind           CHECK (kind IN ('pattern', 'dictionary')),
    CONSTRAINT own_entity_sizes          CHECK (terms >= 1 AND bytes >= 1),
    CONSTRAINT own_entity_version_starts CHECK (version >= 1)
);

-- As for connections: every node reads anew.
CREATE OR REPLACE FUNCTION tell_config_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME IN ('connection', 'own_entity') THEN
        PERFORM pg_notify('countersign_config', TG_TABLE_NAME);
    ELSIF TG_TABLE_NAME = 'person' THEN
        PERFORM pg_notify('countersign_config', 'person ' || coalesce(NEW.id, OLD.id)::text);
    ELSE
        PERFORM pg_notify('countersign_config', 'token ' || coalesce(NEW.id, OLD.id)::text);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER own_entity_changed
    AFTER INSERT OR UPDATE OR DELETE ON own_entity
    FOR EACH ROW EXECUTE FUNCTION tell_config_changed();
