-- Who signs in, what they reach, and what they prove it with.
--
-- Live state, not history: every change is a ledger row before it is a row here.
-- No secret is readable in any of these tables: passwords are argon2id strings, tokens keyed hashes,
-- upstream credentials sealed envelopes, browser sessions and set-up links hashed ids.

CREATE TABLE person (
    id              uuid        PRIMARY KEY,
    login           text        NOT NULL,
    display_name    text        NOT NULL,
    email           text,
    -- Both NULL: a local account. Both set: an OpenID Connect identity; the issuer is part of it.
    issuer          text,
    subject         text,
    -- PHC string; NULL: cannot sign in with a password.
    password_hash   text,
    roles           text[]      NOT NULL,
    groups          text[]      NOT NULL,
    disabled_at     timestamptz,
    failed_sign_ins integer     NOT NULL DEFAULT 0,
    locked_until    timestamptz,
    created_at      timestamptz NOT NULL,
    last_seen_at    timestamptz,
    CONSTRAINT person_origin_whole    CHECK ((issuer IS NULL) = (subject IS NULL)),
    CONSTRAINT person_password_local  CHECK (password_hash IS NULL OR issuer IS NULL),
    CONSTRAINT person_roles_known     CHECK (roles <@ ARRAY['admin', 'approver', 'auditor', 'user']),
    CONSTRAINT person_login_length    CHECK (char_length(login) BETWEEN 1 AND 320),
    CONSTRAINT person_failures_count  CHECK (failed_sign_ins >= 0)
);

-- One login, one person, however it is written: the audit record names people by it.
CREATE UNIQUE INDEX person_login_key    ON person (lower(login));
CREATE UNIQUE INDEX person_identity_key ON person (issuer, subject) WHERE issuer IS NOT NULL;
-- The last-administrator guard locks exactly these rows.
CREATE INDEX person_admin_idx           ON person (id) WHERE 'admin' = ANY (roles) AND disabled_at IS NULL;

CREATE TABLE connection (
    id                uuid        PRIMARY KEY,
    name              text        NOT NULL,
    description       text        NOT NULL,
    base_url          text        NOT NULL,
    credential_kind   text        NOT NULL,
    credential_header text,
    -- Sealed envelope (store::seal); NULL: no secret.
    secret            bytea,
    groups            text[]      NOT NULL,
    -- connect_ms, first_byte_ms, idle_ms, request_bytes, response_bytes
    limits            jsonb       NOT NULL,
    recording         text        NOT NULL,
    mask_prompt       boolean     NOT NULL,
    mask_response     boolean     NOT NULL,
    uninspected       text        NOT NULL,
    enabled           boolean     NOT NULL,
    -- Grows by one with every change; a change names the version it was made from.
    version           bigint      NOT NULL,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT connection_name_key       UNIQUE (name),
    CONSTRAINT connection_name_form      CHECK (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    CONSTRAINT connection_credential     CHECK (credential_kind IN ('none', 'bearer', 'header')
                                            AND (credential_kind = 'header') = (credential_header IS NOT NULL)),
    CONSTRAINT connection_recording      CHECK (recording IN ('masked_text', 'metadata_only')),
    CONSTRAINT connection_uninspected    CHECK (uninspected IN ('refuse', 'pass')),
    CONSTRAINT connection_version_starts CHECK (version >= 1)
);

CREATE TABLE gateway_token (
    id           uuid        PRIMARY KEY,
    person_id    uuid        NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- HMAC-SHA256 of the whole token under a key the database never sees.
    hash         bytea       NOT NULL,
    hint         text        NOT NULL,
    label        text        NOT NULL,
    -- Connection ids; NULL: all that the owner's groups grant.
    scope        uuid[],
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    max_uses     integer,
    uses         integer     NOT NULL DEFAULT 0,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    -- Who revoked it; no foreign key, so that the mark outlives the person.
    revoked_by   uuid,
    CONSTRAINT gateway_token_hash_key    UNIQUE (hash),
    CONSTRAINT gateway_token_hash_length CHECK (octet_length(hash) = 32),
    CONSTRAINT gateway_token_uses        CHECK (uses >= 0 AND (max_uses IS NULL OR (max_uses > 0 AND uses <= max_uses))),
    CONSTRAINT gateway_token_lifetime    CHECK (expires_at > created_at),
    CONSTRAINT gateway_token_revoked     CHECK (revoked_by IS NULL OR revoked_at IS NOT NULL)
);

CREATE INDEX gateway_token_person_idx ON gateway_token (person_id, created_at DESC, id DESC);
CREATE INDEX gateway_token_newest_idx ON gateway_token (created_at DESC, id DESC);

CREATE TABLE web_session (
    -- SHA-256 of the cookie's value (128 random bits or more, so a plain hash holds).
    id_hash    bytea       PRIMARY KEY,
    data       bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- Columns, not parts of the blob: sign-out by person, by (issuer, sid), by (issuer, subject).
    person_id  uuid        REFERENCES person (id) ON DELETE CASCADE,
    issuer     text,
    subject    text,
    sid        text,
    CONSTRAINT web_session_hash_length CHECK (octet_length(id_hash) = 32)
);

CREATE INDEX web_session_person_idx  ON web_session (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX web_session_sid_idx     ON web_session (issuer, sid) WHERE sid IS NOT NULL;
CREATE INDEX web_session_subject_idx ON web_session (issuer, subject) WHERE subject IS NOT NULL;
CREATE INDEX web_session_expiry_idx  ON web_session (expires_at);

CREATE TABLE setup_link (
    -- SHA-256 of the link's token (256 random bits).
    hash       bytea       PRIMARY KEY,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    CONSTRAINT setup_link_hash_length CHECK (octet_length(hash) = 32)
);

-- Every node listens on countersign_config and re-reads what the payload names: `connection`, `person <id>`,
-- `token <id>`. What the data path itself writes (uses, last_used_at, last_seen_at, failed_sign_ins) is left out,
-- or every request would wake every node.

CREATE FUNCTION tell_config_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'connection' THEN
        PERFORM pg_notify('countersign_config', 'connection');
    ELSIF TG_TABLE_NAME = 'person' THEN
        PERFORM pg_notify('countersign_config', 'person ' || coalesce(NEW.id, OLD.id)::text);
    ELSE
        PERFORM pg_notify('countersign_config', 'token ' || coalesce(NEW.id, OLD.id)::text);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER connection_changed
    AFTER INSERT OR UPDATE OR DELETE ON connection
    FOR EACH ROW EXECUTE FUNCTION tell_config_changed();

CREATE TRIGGER person_changed
    AFTER INSERT OR DELETE OR UPDATE OF login, roles, groups, disabled_at ON person
    FOR EACH ROW EXECUTE FUNCTION tell_config_changed();

CREATE TRIGGER gateway_token_changed
    AFTER INSERT OR DELETE OR UPDATE OF hash, person_id, scope, expires_at, max_uses, revoked_at ON gateway_token
    FOR EACH ROW EXECUTE FUNCTION tell_config_changed();
