-- What an operator's back end asks across organizations: all of them by name or by word, the users of an address,
-- all events in one order, what waits to be sent, and when the clock last ran. Each is a walk along an index.

-- Organizations by name, in each standing.
ALTER TABLE organizations ADD COLUMN standing TEXT AS (CASE WHEN deletion IS NULL THEN state ELSE 'deleted' END) VIRTUAL;
CREATE INDEX organizations_by_standing ON organizations (standing, name_key, id);

-- The words by which an organization is found. They are made in Rust, where letters are folded.
CREATE TABLE organization_words (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  word TEXT NOT NULL,
  PRIMARY KEY (organization, word)
) STRICT, WITHOUT ROWID;

CREATE INDEX organization_words_by_word ON organization_words (word, organization);

-- How far the words of older organizations have been made: the cron makes a bounded number each time, and forgets the
-- place at the end.
CREATE TABLE organization_words_progress (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  organization TEXT NOT NULL
) STRICT;

INSERT INTO organization_words_progress (id, organization) VALUES (1, '');

-- The users who have proven an address.
CREATE INDEX memberships_by_proven_address ON memberships (email_key, user) WHERE email_verified = 1;

-- One order of all events. Writes come one after the other in SQLite, also on D1, and a position is given inside the
-- write: what is read at any moment is a beginning of the order, and nothing is ever put behind a reader. An entry has
-- the position of its last event; the events of an entry have consecutive ones. Entries of before this migration are
-- put in the order of their times.
ALTER TABLE commits ADD COLUMN position INTEGER CHECK (position >= 1);

DROP TRIGGER commits_are_never_changed;
UPDATE commits SET position = placed.position
FROM (
  SELECT organization, seq, sum(json_array_length(events)) OVER (ORDER BY at, organization, seq) AS position FROM commits
) AS placed
WHERE placed.organization = commits.organization AND placed.seq = commits.seq;
CREATE TRIGGER commits_are_never_changed BEFORE UPDATE ON commits
BEGIN SELECT RAISE(ABORT, 'audit_is_append_only'); END;

CREATE UNIQUE INDEX commits_by_position ON commits (position);

-- A purged organization takes its entries along. Its tombstone keeps the place of the last one, so that no position is
-- given twice, and what is to be said of the purge.
ALTER TABLE tombstones ADD COLUMN position INTEGER;
ALTER TABLE tombstones ADD COLUMN place INTEGER;
ALTER TABLE tombstones ADD COLUMN actor_kind TEXT;
ALTER TABLE tombstones ADD COLUMN action TEXT;

CREATE UNIQUE INDEX tombstones_by_position ON tombstones (position);

CREATE TRIGGER commits_follow_the_order BEFORE INSERT ON commits
WHEN NEW.position IS NOT json_array_length(NEW.events)
  + max(COALESCE((SELECT MAX(position) FROM commits), 0), COALESCE((SELECT MAX(position) FROM tombstones), 0))
BEGIN SELECT RAISE(ABORT, 'stale_position'); END;

-- What waits longest, and where nothing arrives.
CREATE INDEX messages_waiting ON messages (created_at) WHERE delivered_at IS NULL;
CREATE INDEX deliveries_waiting ON deliveries (created_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhooks_failing ON webhooks (failing_since, id) WHERE failing_since IS NOT NULL;

-- When the clock last ran, in how many parts it failed then, and when it last ran without a failure.
CREATE TABLE ticks (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL,
  failures INTEGER NOT NULL CHECK (failures >= 0),
  whole_at INTEGER
) STRICT;
