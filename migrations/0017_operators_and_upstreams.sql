-- The operator key that a request came with, beside the user in whose name it acted. The entry's hash covers it.
ALTER TABLE commits ADD COLUMN operator TEXT CHECK (length(operator) BETWEEN 1 AND 64);
ALTER TABLE tombstones ADD COLUMN operator TEXT;

-- The nonces of signed requests that have written: each is stored in the batch of its write, so that the same
-- signature writes once. The cron forgets those whose signatures have expired.
CREATE TABLE upstream_nonces (
  key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 64),
  nonce TEXT NOT NULL CHECK (length(nonce) BETWEEN 16 AND 64),
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (key, nonce)
) STRICT, WITHOUT ROWID;

CREATE INDEX upstream_nonces_by_end ON upstream_nonces (expires_at);
