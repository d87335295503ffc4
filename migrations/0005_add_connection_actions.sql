-- What is done with what is found: a default for each kind of text, and exceptions by entity. Connections of before there
-- was a choice put a label everywhere, which is what an empty object says.
ALTER TABLE connection ADD COLUMN actions jsonb NOT NULL DEFAULT '{}';
