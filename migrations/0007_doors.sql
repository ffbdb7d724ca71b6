-- Three more doors: links for many, join requests, registrations. Times are Unix milliseconds.
--
-- What must never be wrong is refused here, whatever the code above does: a link used more often than
-- it may be, or by two at once; a second pending request; a second answer to a request; a registration
-- that is activated twice.

CREATE TABLE invitation_links (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  digest TEXT NOT NULL AS (body ->> 'digest') STORED UNIQUE CHECK (length(digest) = 64),
  uses INTEGER NOT NULL AS (body ->> 'uses') STORED CHECK (uses >= 0),
  max_uses INTEGER AS (body ->> 'maxUses') STORED,
  CHECK (max_uses IS NULL OR uses <= max_uses),
  CHECK (body -> 'roles' NOT LIKE '%"owner"%')
) STRICT;

CREATE INDEX invitation_links_by_organization ON invitation_links (organization, id);

-- People come one by one, and a use is never taken back.
CREATE TRIGGER invitation_links_count_each_use AFTER UPDATE ON invitation_links
WHEN NEW.uses <> OLD.uses AND NEW.uses <> OLD.uses + 1
BEGIN SELECT RAISE(ABORT, 'link_uses'); END;

CREATE TABLE join_requests (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  user TEXT NOT NULL AS (body ->> 'user') STORED,
  state TEXT NOT NULL AS (body ->> 'state') STORED CHECK (state IN ('pending', 'approved', 'denied', 'withdrawn')),
  CHECK ((state = 'pending') = (body ->> 'closedAt' IS NULL))
) STRICT;

CREATE UNIQUE INDEX join_requests_pending ON join_requests (organization, user) WHERE state = 'pending';
CREATE INDEX join_requests_waiting ON join_requests (user) WHERE state = 'pending';
CREATE INDEX join_requests_by_organization ON join_requests (organization, id);
CREATE INDEX join_requests_by_asker ON join_requests (organization, user, id);
CREATE INDEX join_requests_by_user ON join_requests (user, id);

-- A request is answered once.
CREATE TRIGGER join_requests_close_once BEFORE UPDATE ON join_requests
WHEN OLD.state <> 'pending'
BEGIN SELECT RAISE(ABORT, 'join_request_closed'); END;

CREATE TABLE registrations (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL UNIQUE REFERENCES organizations (id) ON DELETE CASCADE,
  email_key TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  digest TEXT NOT NULL AS (body ->> 'digest') STORED UNIQUE CHECK (length(digest) = 64),
  expires_at INTEGER NOT NULL AS (body ->> 'expiresAt') STORED,
  activated_by TEXT AS (body ->> 'activatedBy') STORED
) STRICT;

CREATE INDEX registrations_waiting ON registrations (email_key, id) WHERE activated_by IS NULL;
CREATE INDEX registrations_by_end ON registrations (expires_at, organization) WHERE activated_by IS NULL;

-- A registration is activated once.
CREATE TRIGGER registrations_activate_once BEFORE UPDATE ON registrations
WHEN OLD.activated_by IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'registration_activated'); END;

-- Whether people outside may ask an organization to let them in.
ALTER TABLE organizations ADD COLUMN join_requests TEXT NOT NULL DEFAULT 'open' CHECK (join_requests IN ('open', 'off'));
