-- Custom roles, and members that can be suspended, limited in time, titled, searched and sorted.
--
-- Two tables are made anew, because a role's key may now hold any word: `memberships` and
-- `invitations`. Their rows are kept; the keys to them are checked when the transaction ends.

PRAGMA defer_foreign_keys = ON;

CREATE TABLE roles (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  holders INTEGER NOT NULL DEFAULT 0,
  key TEXT NOT NULL AS (body ->> 'key') STORED CHECK (key NOT IN ('owner', 'admin', 'member')),
  UNIQUE (organization, key)
) STRICT;

CREATE TABLE old_memberships AS SELECT * FROM memberships;
DROP TABLE memberships;

CREATE TABLE memberships (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  email TEXT,
  email_key TEXT,
  name TEXT,
  name_key TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_array_length(roles) >= 1 AND roles NOT LIKE '%"owner"%'),
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
  kind TEXT NOT NULL DEFAULT 'human' CHECK (kind IN ('human', 'service')),
  title TEXT,
  until INTEGER,
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (organization, user)
) STRICT, WITHOUT ROWID;

-- Which members hold a role: kept by triggers, so that a list by role and a count cost the same
-- whatever the organization's size.
CREATE TABLE member_roles (
  organization TEXT NOT NULL,
  role TEXT NOT NULL,
  user TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  name_key TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (organization, role, joined_at, id),
  FOREIGN KEY (organization, user) REFERENCES memberships (organization, user) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX member_roles_by_name ON member_roles (organization, role, name_key, id);
CREATE INDEX member_roles_by_user ON member_roles (organization, user);

-- The words by which a member is found. They are made where names and addresses are understood.
CREATE TABLE member_words (
  organization TEXT NOT NULL,
  word TEXT NOT NULL,
  id TEXT NOT NULL,
  user TEXT NOT NULL,
  PRIMARY KEY (organization, word, id),
  FOREIGN KEY (organization, user) REFERENCES memberships (organization, user) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX member_words_by_user ON member_words (organization, user, word);

CREATE INDEX memberships_by_user ON memberships (user, organization);
CREATE INDEX memberships_by_age ON memberships (organization, joined_at, id);
CREATE INDEX memberships_by_name ON memberships (organization, name_key, id);
CREATE INDEX memberships_by_email ON memberships (organization, email_key) WHERE email_key IS NOT NULL;
CREATE INDEX memberships_suspended_by_age ON memberships (organization, joined_at, id) WHERE state = 'suspended';
CREATE INDEX memberships_suspended_by_name ON memberships (organization, name_key, id) WHERE state = 'suspended';
CREATE INDEX memberships_by_end ON memberships (organization, until, user) WHERE until IS NOT NULL;
CREATE INDEX memberships_to_sweep ON memberships (until, organization) WHERE until IS NOT NULL;

CREATE TRIGGER memberships_hold_roles AFTER INSERT ON memberships
BEGIN
  INSERT INTO member_roles (organization, role, user, joined_at, name_key, id)
  SELECT NEW.organization, value, NEW.user, NEW.joined_at, NEW.name_key, NEW.id FROM json_each(NEW.roles);
END;

CREATE TRIGGER memberships_change_roles AFTER UPDATE OF roles ON memberships WHEN NEW.roles <> OLD.roles
BEGIN
  DELETE FROM member_roles WHERE organization = OLD.organization AND user = OLD.user;
  INSERT INTO member_roles (organization, role, user, joined_at, name_key, id)
  SELECT NEW.organization, value, NEW.user, NEW.joined_at, NEW.name_key, NEW.id FROM json_each(NEW.roles);
END;

CREATE TRIGGER roles_gain_a_holder AFTER INSERT ON member_roles
BEGIN UPDATE roles SET holders = holders + 1 WHERE organization = NEW.organization AND key = NEW.role; END;

CREATE TRIGGER roles_lose_a_holder AFTER DELETE ON member_roles
BEGIN UPDATE roles SET holders = holders - 1 WHERE organization = OLD.organization AND key = OLD.role; END;

-- Names and addresses of before are ASCII for these keys; the words of a member are made anew
-- when the member is next written.
INSERT INTO memberships (organization, user, id, email, email_key, name, name_key, roles, joined_at)
SELECT organization, user, id, email, lower(email), name, lower(COALESCE(name, '')), roles, joined_at
FROM old_memberships;

INSERT INTO member_words (organization, word, id, user)
SELECT organization, email_key, id, user FROM memberships WHERE email_key IS NOT NULL
UNION SELECT organization, lower(user), id, user FROM memberships
UNION SELECT organization, name_key, id, user FROM memberships WHERE name_key <> '';

DROP TABLE old_memberships;

-- Seats are counted by the rows themselves; the CHECK on organizations refuses one too many.
CREATE TRIGGER memberships_take_a_seat AFTER INSERT ON memberships
BEGIN UPDATE organizations SET member_count = member_count + 1 WHERE id = NEW.organization; END;

CREATE TRIGGER memberships_free_a_seat AFTER DELETE ON memberships
BEGIN UPDATE organizations SET member_count = member_count - 1 WHERE id = OLD.organization; END;

CREATE TABLE old_invitations AS SELECT * FROM invitations;
DROP TABLE invitations;

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_array_length(roles) >= 1 AND roles NOT LIKE '%"owner"%'),
  invited_by TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'declined', 'revoked', 'expired')),
  digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
  generation INTEGER NOT NULL CHECK (generation >= 1),
  message TEXT,
  locale TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  answered_by TEXT,
  closed_at INTEGER,
  CHECK ((state = 'pending') = (closed_at IS NULL)),
  CHECK ((state IN ('accepted', 'declined')) = (answered_by IS NOT NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO invitations SELECT * FROM old_invitations;
DROP TABLE old_invitations;

CREATE UNIQUE INDEX invitations_pending ON invitations (organization, email_key) WHERE state = 'pending';
CREATE INDEX invitations_by_organization ON invitations (organization, id);
CREATE INDEX invitations_by_email ON invitations (email_key, id) WHERE state = 'pending';
CREATE INDEX invitations_by_end ON invitations (expires_at, organization) WHERE state = 'pending';
CREATE INDEX invitations_to_sweep ON invitations (organization, expires_at, id) WHERE state = 'pending';

-- An invitation leaves `pending` once, and a closed one does not change.
CREATE TRIGGER invitations_close_once BEFORE UPDATE ON invitations
WHEN OLD.state <> 'pending'
BEGIN SELECT RAISE(ABORT, 'invitation_closed'); END;

CREATE TRIGGER invitations_take_a_seat AFTER INSERT ON invitations WHEN NEW.state = 'pending'
BEGIN UPDATE organizations SET pending_count = pending_count + 1 WHERE id = NEW.organization; END;

CREATE TRIGGER invitations_free_a_seat AFTER UPDATE OF state ON invitations
WHEN OLD.state = 'pending' AND NEW.state <> 'pending'
BEGIN UPDATE organizations SET pending_count = pending_count - 1 WHERE id = NEW.organization; END;
