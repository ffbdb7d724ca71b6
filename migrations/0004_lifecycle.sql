-- Lifecycle, ownership and seats.
--
-- The limit of seats moves to a column of its own, because SQLite cannot change the CHECK of an old
-- one, and rebuilding `organizations` would empty the tables that hang on it: `seats` takes the
-- place of `seat_limit`, which stays null from now on.

ALTER TABLE organizations ADD COLUMN pending_free INTEGER NOT NULL DEFAULT 0 CHECK (pending_free IN (0, 1));
ALTER TABLE organizations ADD COLUMN seats INTEGER
  CHECK (seats >= 1)
  CHECK (seats IS NULL OR member_count + CASE pending_free WHEN 1 THEN 0 ELSE pending_count END <= seats);
UPDATE organizations SET seats = seat_limit, seat_limit = NULL WHERE seat_limit IS NOT NULL;

-- A personal organization has one member; a user has one that is not deleted.
ALTER TABLE organizations ADD COLUMN personal INTEGER NOT NULL DEFAULT 0
  CHECK (personal IN (0, 1))
  CHECK (personal = 0 OR (member_count <= 1 AND pending_count = 0));
ALTER TABLE organizations ADD COLUMN requirements TEXT NOT NULL DEFAULT '{"verifiedEmail":false,"mfa":false}'
  CHECK (json_type(requirements) = 'object');
ALTER TABLE organizations ADD COLUMN nomination TEXT CHECK (json_type(nomination) = 'object');
ALTER TABLE organizations ADD COLUMN deletion TEXT CHECK (json_type(deletion) = 'object');
ALTER TABLE organizations ADD COLUMN nomination_ends INTEGER AS (nomination ->> 'expiresAt') VIRTUAL;
ALTER TABLE organizations ADD COLUMN purge_at INTEGER AS (deletion ->> 'purgeAt') VIRTUAL;

CREATE UNIQUE INDEX organizations_personal ON organizations (owner) WHERE personal = 1 AND deletion IS NULL;
CREATE INDEX organizations_by_owner ON organizations (owner, id);
CREATE INDEX organizations_to_purge ON organizations (purge_at) WHERE deletion IS NOT NULL;
CREATE INDEX organizations_to_ask_no_more ON organizations (nomination_ends) WHERE nomination IS NOT NULL;

-- For erasing a user: what was mailed to an address.
CREATE INDEX messages_by_recipient ON messages (notice ->> 'to');

-- An end that can be taken back comes first; a row is never deleted before its time has been set.
CREATE TRIGGER organizations_are_deleted_before_they_go BEFORE DELETE ON organizations
WHEN OLD.deletion IS NULL
BEGIN SELECT RAISE(ABORT, 'organization_not_deleted'); END;
