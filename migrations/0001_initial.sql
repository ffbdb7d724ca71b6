-- Guildhall's first schema. Never edited after release: a change is a new migration.
--
-- What must never be wrong is refused here, whatever the code above does: an organization without
-- an owner, two memberships of one user, a second answer to an invitation, a gap or a rewrite in
-- the audit log, a slug in other hands. Times are Unix milliseconds.

-- Who holds or held each slug. Rows outlive organizations: no slug is ever handed to another one.
CREATE TABLE slugs (
  slug TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  taken_at INTEGER NOT NULL,
  UNIQUE (organization, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE organizations (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'inactive')),
  owner TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  metadata TEXT NOT NULL CHECK (json_type(metadata) = 'object'),
  settings TEXT NOT NULL CHECK (json_type(settings) = 'object'),
  logo_url TEXT,
  seat_limit INTEGER CHECK (seat_limit >= 1),
  member_count INTEGER NOT NULL DEFAULT 0,
  pending_count INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK (seat_limit IS NULL OR member_count + pending_count <= seat_limit),
  -- Exactly one owner, always a member: checked when the batch ends.
  FOREIGN KEY (id, owner) REFERENCES memberships (organization, user) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (id, slug) REFERENCES slugs (organization, slug) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE memberships (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  email TEXT,
  name TEXT,
  roles TEXT NOT NULL CHECK (json_array_length(roles) >= 1 AND roles NOT LIKE '%owner%'),
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (organization, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX memberships_by_user ON memberships (user, organization);
CREATE INDEX memberships_by_age ON memberships (organization, joined_at, id);

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_array_length(roles) >= 1 AND roles NOT LIKE '%owner%'),
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

CREATE UNIQUE INDEX invitations_pending ON invitations (organization, email_key) WHERE state = 'pending';
CREATE INDEX invitations_by_organization ON invitations (organization, id);
CREATE INDEX invitations_by_email ON invitations (email_key, id) WHERE state = 'pending';
CREATE INDEX invitations_by_end ON invitations (expires_at, organization) WHERE state = 'pending';
CREATE INDEX invitations_to_sweep ON invitations (organization, expires_at, id) WHERE state = 'pending';

-- The audit log, and the lock of the write protocol: each batch begins by inserting
-- (organization, seq); whoever decided on an older version breaks the key and everything rolls back.
CREATE TABLE commits (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  seq INTEGER NOT NULL CHECK (seq >= 1),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  events TEXT NOT NULL CHECK (json_array_length(events) >= 1),
  PRIMARY KEY (organization, seq)
) STRICT, WITHOUT ROWID;

-- What is left of a deleted organization, so that its id stays its own.
CREATE TABLE tombstones (
  organization TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL,
  deleted_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Answers kept under idempotency keys for a day. A token in an answer is kept as its seed.
CREATE TABLE receipts (
  user TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  answer TEXT NOT NULL,
  seed TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX receipts_by_age ON receipts (created_at);

-- The outbox. A message outlives its organization: somebody must hear that it is gone.
CREATE TABLE messages (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  version INTEGER NOT NULL,
  notice TEXT NOT NULL CHECK (json_type(notice) = 'object'),
  seed TEXT,
  created_at INTEGER NOT NULL,
  delivered_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX messages_due ON messages (due_at, id) WHERE delivered_at IS NULL;
CREATE INDEX messages_delivered ON messages (delivered_at) WHERE delivered_at IS NOT NULL;

-- The version and the audit log move together, one step at a time.
CREATE TRIGGER commits_follow_version BEFORE INSERT ON commits
WHEN NEW.seq <> 1 + COALESCE((SELECT version FROM organizations WHERE id = NEW.organization), 0)
BEGIN SELECT RAISE(ABORT, 'stale_version'); END;

CREATE TRIGGER commits_not_after_the_end BEFORE INSERT ON commits
WHEN EXISTS (SELECT 1 FROM tombstones WHERE organization = NEW.organization)
BEGIN SELECT RAISE(ABORT, 'organization_deleted'); END;

CREATE TRIGGER organizations_version_follows_commit BEFORE UPDATE OF version ON organizations
WHEN NEW.version <> OLD.version + 1
  OR NOT EXISTS (SELECT 1 FROM commits WHERE organization = NEW.id AND seq = NEW.version)
BEGIN SELECT RAISE(ABORT, 'version_without_commit'); END;

CREATE TRIGGER organizations_start_with_a_commit BEFORE INSERT ON organizations
WHEN NOT EXISTS (SELECT 1 FROM commits WHERE organization = NEW.id AND seq = NEW.version)
BEGIN SELECT RAISE(ABORT, 'version_without_commit'); END;

-- Append-only. Entries go only with their organization.
CREATE TRIGGER commits_are_never_changed BEFORE UPDATE ON commits
BEGIN SELECT RAISE(ABORT, 'audit_is_append_only'); END;

CREATE TRIGGER commits_are_never_deleted BEFORE DELETE ON commits
WHEN NOT EXISTS (SELECT 1 FROM tombstones WHERE organization = OLD.organization)
BEGIN SELECT RAISE(ABORT, 'audit_is_append_only'); END;

CREATE TRIGGER organizations_leave_a_tombstone BEFORE DELETE ON organizations
WHEN NOT EXISTS (SELECT 1 FROM tombstones WHERE organization = OLD.id)
BEGIN SELECT RAISE(ABORT, 'tombstone_missing'); END;

CREATE TRIGGER tombstones_are_never_changed BEFORE UPDATE ON tombstones
BEGIN SELECT RAISE(ABORT, 'tombstones_stay'); END;

CREATE TRIGGER tombstones_are_never_deleted BEFORE DELETE ON tombstones
BEGIN SELECT RAISE(ABORT, 'tombstones_stay'); END;

CREATE TRIGGER slugs_are_never_handed_on BEFORE UPDATE ON slugs
BEGIN SELECT RAISE(ABORT, 'slugs_stay'); END;

CREATE TRIGGER slugs_are_never_freed BEFORE DELETE ON slugs
BEGIN SELECT RAISE(ABORT, 'slugs_stay'); END;

-- An invitation leaves `pending` once, and a closed one does not change.
CREATE TRIGGER invitations_close_once BEFORE UPDATE ON invitations
WHEN OLD.state <> 'pending'
BEGIN SELECT RAISE(ABORT, 'invitation_closed'); END;

-- Seats are counted by the rows themselves; the CHECK on organizations refuses one too many.
CREATE TRIGGER memberships_take_a_seat AFTER INSERT ON memberships
BEGIN UPDATE organizations SET member_count = member_count + 1 WHERE id = NEW.organization; END;

CREATE TRIGGER memberships_free_a_seat AFTER DELETE ON memberships
BEGIN UPDATE organizations SET member_count = member_count - 1 WHERE id = OLD.organization; END;

CREATE TRIGGER invitations_take_a_seat AFTER INSERT ON invitations WHEN NEW.state = 'pending'
BEGIN UPDATE organizations SET pending_count = pending_count + 1 WHERE id = NEW.organization; END;

CREATE TRIGGER invitations_free_a_seat AFTER UPDATE OF state ON invitations
WHEN OLD.state = 'pending' AND NEW.state <> 'pending'
BEGIN UPDATE organizations SET pending_count = pending_count - 1 WHERE id = NEW.organization; END;
