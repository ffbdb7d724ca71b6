-- Who has left an organization or was removed from it: whoever was in it before does not join again
-- without being asked (`AUTO_JOIN_ORGANIZATION`). A row says nothing about the present.

CREATE TABLE departures (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user TEXT NOT NULL,
  PRIMARY KEY (organization, user)
) STRICT, WITHOUT ROWID;

-- So that a person's traces are found when they are to be erased.
CREATE INDEX departures_by_user ON departures (user, organization);

INSERT OR IGNORE INTO departures (organization, user)
SELECT commits.organization, value ->> 'user' FROM commits, json_each(commits.events)
WHERE value ->> 'type' IN ('member.removed', 'member.left');
