-- Webhooks, and what is or was to be sent to them. Times are Unix milliseconds.
--
-- A webhook's row is its stored form; in it stands the seed of its secret, of which only whoever has
-- the installation's key makes one. Since when nothing arrives is nothing that a command decides, and
-- stands beside the form.

CREATE TABLE webhooks (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  state TEXT NOT NULL AS (body ->> 'state') STORED CHECK (state IN ('active', 'disabled')),
  failing_since INTEGER,
  CHECK (body ->> 'id' = id),
  CHECK (body ->> 'organization' = organization),
  CHECK (body ->> 'url' LIKE 'https://%'),
  CHECK ((state = 'disabled') = (body ->> 'disabledBecause' IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX webhooks_by_organization ON webhooks (organization, id);

-- The outbox and the log of webhooks in one. An event is named by its place in the audit log and told
-- from there; a message that is no event has none. Due never (null) is what has arrived or been given up.
-- Without a reference to the webhook: what outlives one is dropped when its time comes, a few at a time.
CREATE TABLE deliveries (
  webhook TEXT NOT NULL,
  message TEXT NOT NULL,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  seq INTEGER,
  place INTEGER,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  attempted_at INTEGER,
  status INTEGER,
  fault TEXT,
  delivered_at INTEGER,
  PRIMARY KEY (webhook, message),
  CHECK ((seq IS NULL) = (place IS NULL)),
  CHECK (delivered_at IS NULL OR due_at IS NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_due ON deliveries (due_at, webhook, message) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, created_at, message);
CREATE INDEX deliveries_by_organization ON deliveries (organization);
CREATE INDEX deliveries_by_age ON deliveries (created_at, message);
