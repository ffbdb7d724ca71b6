-- How often people are invited, and who is not to be invited any more.

-- What was sent on the last day on which anything was: a row for each organization, inviter and
-- recipient. The limit travels with every count, so that two who count at once cannot pass it together.
CREATE TABLE invitation_quotas (
  subject TEXT PRIMARY KEY,
  day INTEGER NOT NULL,
  used INTEGER NOT NULL,
  most INTEGER NOT NULL,
  CHECK (used <= most)
) STRICT, WITHOUT ROWID;

CREATE INDEX invitation_quotas_by_day ON invitation_quotas (day);

-- "Never invite me again": the wish of an address about one organization, or with '' about all. It
-- outlives the organization; the name is the one under which its owner declined it.
CREATE TABLE suppressions (
  address TEXT NOT NULL,
  organization TEXT NOT NULL,
  organization_name TEXT,
  since INTEGER NOT NULL,
  PRIMARY KEY (address, organization),
  CHECK ((organization = '') = (organization_name IS NULL))
) STRICT, WITHOUT ROWID;

-- Whom a message invites, so that one that waits can be taken back.
ALTER TABLE messages ADD COLUMN invitee TEXT;

CREATE INDEX messages_waiting_for ON messages (invitee) WHERE delivered_at IS NULL;

-- Whoever decided before the wish was stored decides again.
CREATE TRIGGER invitations_respect_suppressions BEFORE INSERT ON invitations
WHEN EXISTS (SELECT 1 FROM suppressions WHERE address = NEW.email_key AND organization IN ('', NEW.organization))
BEGIN SELECT RAISE(ABORT, 'recipient_suppressed'); END;

CREATE TRIGGER invitations_respect_suppressions_again BEFORE UPDATE OF digest ON invitations
WHEN EXISTS (SELECT 1 FROM suppressions WHERE address = NEW.email_key AND organization IN ('', NEW.organization))
BEGIN SELECT RAISE(ABORT, 'recipient_suppressed'); END;
