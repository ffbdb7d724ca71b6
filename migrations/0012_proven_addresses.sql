-- Whether a member's address is proven: an identity provider or an operator vouched for it. What whoever added
-- the member entered is shown and found, and nothing more follows from it.

ALTER TABLE memberships ADD COLUMN email_verified INTEGER NOT NULL DEFAULT 0
  CHECK (email_verified IN (0, 1) AND (email_verified = 0 OR email_key IS NOT NULL));

-- Every door but one has only ever kept proven addresses; the audit log knows who came by that one.
UPDATE memberships SET email_verified = 1 WHERE email_key IS NOT NULL AND id NOT IN (
  SELECT value -> 'member' ->> 'id' FROM commits, json_each(commits.events)
  WHERE commits.action = 'member.add' AND value ->> 'type' = 'member.added'
);

-- A request keeps no address but a proven one. By this key a pending invitation of the same address is found
-- when the request is approved. Addresses are ASCII.
ALTER TABLE join_requests ADD COLUMN email_key TEXT;

UPDATE join_requests SET email_key = lower(body ->> 'email') WHERE state = 'pending';
