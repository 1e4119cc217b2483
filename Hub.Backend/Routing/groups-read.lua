-- Answers with the groups that a user is in for long, each followed by its record. It writes nothing.
-- KEYS  1 groups
return (groups_of(KEYS[1]))
