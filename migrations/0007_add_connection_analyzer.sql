-- An analyzer of somebody else's that is asked about a connection's texts: url, language, score, entities, timeout_ms,
-- when_it_fails. NULL: none, as it was before there could be one.
ALTER TABLE connection ADD COLUMN analyzer jsonb;
