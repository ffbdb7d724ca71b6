-- Domains that organizations claim. A row is the claim's stored form; what is unique or searched is
-- taken from it by generated columns.

CREATE TABLE domains (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  name TEXT NOT NULL AS (body ->> 'name') STORED,
  -- Anybody may claim a name; one organization at a time has verified it. Hosts are looked up here.
  verified_name TEXT AS (CASE body ->> 'state' WHEN 'verified' THEN body ->> 'name' END) STORED UNIQUE,
  -- When the proof of a verified one is looked for again.
  recheck_at INTEGER AS (CASE body ->> 'state' WHEN 'verified' THEN body ->> 'recheckAt' END) STORED,
  CHECK (body ->> 'id' = id),
  CHECK (body ->> 'organization' = organization),
  CHECK (body ->> 'state' IN ('pending', 'verified', 'lapsed')),
  CHECK (body ->> 'policy' IN ('off', 'request', 'invite', 'join')),
  CHECK (body ->> 'state' <> 'verified' OR (body ->> 'verifiedAt' IS NOT NULL AND body ->> 'recheckAt' IS NOT NULL)),
  UNIQUE (organization, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX domains_by_organization ON domains (organization, id);
CREATE INDEX domains_due ON domains (recheck_at, id) WHERE recheck_at IS NOT NULL;
