-- The audit log as a chain: each entry holds its hash and that of the entry before it, the
-- organization remembers the newest. Entries of before this migration have no hash; the chain begins
-- with the first that has one.

ALTER TABLE commits ADD COLUMN actor_kind TEXT NOT NULL DEFAULT 'user'
  CHECK (actor_kind IN ('user', 'service', 'platform_admin', 'system'));
ALTER TABLE commits ADD COLUMN prev_hash TEXT CHECK (length(prev_hash) = 64);
ALTER TABLE commits ADD COLUMN hash TEXT CHECK (length(hash) = 64);
ALTER TABLE organizations ADD COLUMN head TEXT CHECK (length(head) = 64);
ALTER TABLE tombstones ADD COLUMN head TEXT CHECK (length(head) = 64);

-- Until now only the clock acted as the installation, and only imports needed a platform admin.
DROP TRIGGER commits_are_never_changed;
UPDATE commits SET actor_kind = CASE WHEN actor LIKE 'guildhall:%' THEN 'system' ELSE 'platform_admin' END
WHERE actor LIKE 'guildhall:%' OR action = 'organization.import';
CREATE TRIGGER commits_are_never_changed BEFORE UPDATE ON commits
BEGIN SELECT RAISE(ABORT, 'audit_is_append_only'); END;

-- Which kinds of events an entry holds, so that a filtered list costs what it shows.
CREATE TABLE commit_types (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  type TEXT NOT NULL,
  seq INTEGER NOT NULL,
  actor TEXT NOT NULL,
  PRIMARY KEY (organization, type, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO commit_types (organization, type, seq, actor)
SELECT DISTINCT organization, value ->> 'type', seq, actor FROM commits, json_each(commits.events);

CREATE INDEX commit_types_by_actor ON commit_types (organization, actor, type, seq);
CREATE INDEX commits_by_actor ON commits (organization, actor, seq);
CREATE INDEX commits_by_time ON commits (organization, at, seq);
CREATE INDEX invitations_by_inviter ON invitations (organization, invited_by, id) WHERE state = 'pending';

-- An entry is written behind the newest one or not at all.
CREATE TRIGGER commits_follow_the_head BEFORE INSERT ON commits
WHEN NEW.hash IS NULL OR NEW.prev_hash IS NOT (SELECT head FROM organizations WHERE id = NEW.organization)
BEGIN SELECT RAISE(ABORT, 'stale_head'); END;

-- Times never go back, so that a span of time is a span of entries.
CREATE TRIGGER commits_follow_the_clock BEFORE INSERT ON commits
WHEN NEW.at < (SELECT updated_at FROM organizations WHERE id = NEW.organization)
BEGIN SELECT RAISE(ABORT, 'stale_time'); END;

CREATE TRIGGER commits_move_the_head AFTER INSERT ON commits
BEGIN
  UPDATE organizations SET head = NEW.hash WHERE id = NEW.organization;
  INSERT INTO commit_types (organization, type, seq, actor)
  SELECT DISTINCT NEW.organization, value ->> 'type', NEW.seq, NEW.actor FROM json_each(NEW.events);
END;

CREATE TRIGGER organizations_start_with_a_head AFTER INSERT ON organizations
BEGIN
  UPDATE organizations SET head = (SELECT hash FROM commits WHERE organization = NEW.id AND seq = NEW.version)
  WHERE id = NEW.id;
END;

CREATE TRIGGER organizations_head_follows_commit BEFORE UPDATE OF head ON organizations
WHEN NEW.head IS NOT (SELECT hash FROM commits WHERE organization = NEW.id ORDER BY seq DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'head_without_commit'); END;

CREATE TRIGGER commit_types_are_never_changed BEFORE UPDATE ON commit_types
BEGIN SELECT RAISE(ABORT, 'audit_is_append_only'); END;

CREATE TRIGGER commit_types_are_never_deleted BEFORE DELETE ON commit_types
WHEN NOT EXISTS (SELECT 1 FROM tombstones WHERE organization = OLD.organization)
BEGIN SELECT RAISE(ABORT, 'audit_is_append_only'); END;
