-- Every statement, trigger and key action finds its rows by the same columns whatever the planner knows of
-- the tables' sizes: without statistics, and with those of one large or of many small organizations.
--
-- A cascade and a trigger name no index. So a table is found there by the first columns of its primary key,
-- by a whole key, or by a term marked `unlikely()`. Tables without a rowid prefer a search along their
-- primary key to a walk through the table, however small the table was when it was analyzed.
--
-- What two writers can collide over breaks a trigger at once. A deferred key that is broken when the batch
-- ends is reported without a name by newer runtimes, like an outage.

PRAGMA defer_foreign_keys = ON;

-- The children first: a table that goes takes along what hangs on it.
CREATE TABLE old_team_member_roles AS SELECT * FROM team_member_roles;
CREATE TABLE old_team_members AS SELECT * FROM team_members;
CREATE TABLE old_team_roles AS SELECT * FROM team_roles;
CREATE TABLE old_teams AS SELECT id, organization, body FROM teams;
CREATE TABLE old_member_roles AS SELECT * FROM member_roles;
CREATE TABLE old_roles AS SELECT id, organization, body, holders FROM roles;
CREATE TABLE old_join_requests AS SELECT id, organization, body, email_key FROM join_requests;
CREATE TABLE old_invitation_links AS SELECT id, organization, body FROM invitation_links;
DROP TABLE team_member_roles;
DROP TABLE team_members;
DROP TABLE team_roles;
DROP TABLE teams;
DROP TABLE member_roles;
DROP TABLE roles;
DROP TABLE invitation_links;
DROP TABLE join_requests;

CREATE TABLE roles (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  holders INTEGER NOT NULL DEFAULT 0,
  key TEXT NOT NULL AS (body ->> 'key') STORED CHECK (key NOT IN ('owner', 'admin', 'member')),
  PRIMARY KEY (organization, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX roles_by_key ON roles (organization, key);

INSERT INTO roles (organization, id, body, holders) SELECT organization, id, body, holders FROM old_roles;

-- Which members hold a role. A member's rows stand together: removal and a change of roles read them alone.
CREATE TABLE member_roles (
  organization TEXT NOT NULL,
  user TEXT NOT NULL,
  role TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  name_key TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (organization, user, role),
  FOREIGN KEY (organization, user) REFERENCES memberships (organization, user) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO member_roles (organization, user, role, joined_at, name_key, id)
SELECT organization, user, role, joined_at, name_key, id FROM old_member_roles;

CREATE INDEX member_roles_by_age ON member_roles (organization, role, joined_at, id);
CREATE INDEX member_roles_by_name ON member_roles (organization, role, name_key, id);

CREATE TRIGGER roles_gain_a_holder AFTER INSERT ON member_roles
BEGIN UPDATE roles SET holders = holders + 1 WHERE organization = NEW.organization AND key = NEW.role; END;

CREATE TRIGGER roles_lose_a_holder AFTER DELETE ON member_roles
BEGIN UPDATE roles SET holders = holders - 1 WHERE organization = OLD.organization AND key = OLD.role; END;

CREATE TABLE invitation_links (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  digest TEXT NOT NULL AS (body ->> 'digest') STORED UNIQUE CHECK (length(digest) = 64),
  uses INTEGER NOT NULL AS (body ->> 'uses') STORED CHECK (uses >= 0),
  max_uses INTEGER AS (body ->> 'maxUses') STORED,
  CHECK (max_uses IS NULL OR uses <= max_uses),
  CHECK (body -> 'roles' NOT LIKE '%"owner"%'),
  PRIMARY KEY (organization, id)
) STRICT, WITHOUT ROWID;

INSERT INTO invitation_links (organization, id, body) SELECT organization, id, body FROM old_invitation_links;

-- People come one by one, and a use is never taken back.
CREATE TRIGGER invitation_links_count_each_use AFTER UPDATE ON invitation_links
WHEN NEW.uses <> OLD.uses AND NEW.uses <> OLD.uses + 1
BEGIN SELECT RAISE(ABORT, 'link_uses'); END;

CREATE TABLE join_requests (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  user TEXT NOT NULL AS (body ->> 'user') STORED,
  state TEXT NOT NULL AS (body ->> 'state') STORED CHECK (state IN ('pending', 'approved', 'denied', 'withdrawn')),
  email_key TEXT,
  CHECK ((state = 'pending') = (body ->> 'closedAt' IS NULL)),
  PRIMARY KEY (organization, id)
) STRICT, WITHOUT ROWID;

INSERT INTO join_requests (organization, id, body, email_key)
SELECT organization, id, body, email_key FROM old_join_requests;

CREATE UNIQUE INDEX join_requests_pending ON join_requests (organization, user) WHERE state = 'pending';
CREATE INDEX join_requests_waiting ON join_requests (user) WHERE state = 'pending';
CREATE INDEX join_requests_by_asker ON join_requests (organization, user, id);
CREATE INDEX join_requests_by_user ON join_requests (user, id);

-- A request is answered once.
CREATE TRIGGER join_requests_close_once BEFORE UPDATE ON join_requests
WHEN OLD.state <> 'pending'
BEGIN SELECT RAISE(ABORT, 'join_request_closed'); END;

-- Small by rule: the key to the parent reads the organization's tree, and no index stands beside it.
CREATE TABLE teams (
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  parent TEXT AS (body ->> 'parent') STORED CHECK (parent <> id),
  PRIMARY KEY (organization, id),
  FOREIGN KEY (organization, parent) REFERENCES teams (organization, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

INSERT INTO teams (organization, id, body) SELECT organization, id, body FROM old_teams;

-- The last three columns are the membership's, which never change: lists by team go along them. A member's
-- rows stand together. A team's are found by an index, which a cascade might not choose: so the team's end
-- and its existence are kept by triggers.
CREATE TABLE team_members (
  organization TEXT NOT NULL,
  user TEXT NOT NULL,
  team TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_array_length(roles) >= 1 AND roles NOT LIKE '%"owner"%'),
  added_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  name_key TEXT NOT NULL,
  PRIMARY KEY (organization, user, team),
  FOREIGN KEY (organization, user) REFERENCES memberships (organization, user) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO team_members (organization, user, team, roles, added_at, id, joined_at, name_key)
SELECT organization, user, team, roles, added_at, id, joined_at, name_key FROM old_team_members;

CREATE INDEX team_members_by_team ON team_members (organization, team, user);
CREATE INDEX team_members_by_age ON team_members (organization, team, joined_at, id);
CREATE INDEX team_members_by_name ON team_members (organization, team, name_key, id);

CREATE TRIGGER team_members_need_their_team BEFORE INSERT ON team_members
WHEN NOT EXISTS (SELECT 1 FROM teams WHERE organization = NEW.organization AND id = NEW.team)
BEGIN SELECT RAISE(ABORT, 'team_missing'); END;

CREATE TRIGGER team_members_stay_in_their_team BEFORE UPDATE OF organization, user, team ON team_members
BEGIN SELECT RAISE(ABORT, 'team_members_stay'); END;

CREATE TRIGGER teams_take_their_members_along BEFORE DELETE ON teams
BEGIN DELETE FROM team_members WHERE organization = OLD.organization AND unlikely(team = OLD.id); END;

CREATE TRIGGER teams_need_their_parent BEFORE INSERT ON teams
WHEN NEW.body ->> 'parent' IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM teams WHERE organization = NEW.organization AND id = NEW.body ->> 'parent')
BEGIN SELECT RAISE(ABORT, 'team_parent_missing'); END;

CREATE TRIGGER teams_move_to_a_parent BEFORE UPDATE OF body ON teams
WHEN NEW.body ->> 'parent' IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM teams WHERE organization = NEW.organization AND id = NEW.body ->> 'parent')
BEGIN SELECT RAISE(ABORT, 'team_parent_missing'); END;

CREATE TABLE team_member_roles (
  organization TEXT NOT NULL,
  role TEXT NOT NULL,
  team TEXT NOT NULL,
  user TEXT NOT NULL,
  PRIMARY KEY (organization, role, team, user),
  FOREIGN KEY (organization, user, team) REFERENCES team_members (organization, user, team) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO team_member_roles (organization, role, team, user)
SELECT organization, role, team, user FROM old_team_member_roles;

CREATE INDEX team_member_roles_by_member ON team_member_roles (organization, team, user);

CREATE TABLE team_roles (
  organization TEXT NOT NULL,
  team TEXT NOT NULL,
  role TEXT NOT NULL,
  holders INTEGER NOT NULL CHECK (holders >= 0),
  PRIMARY KEY (organization, team, role),
  FOREIGN KEY (organization, team) REFERENCES teams (organization, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

INSERT INTO team_roles (organization, team, role, holders)
SELECT organization, team, role, holders FROM old_team_roles;

CREATE INDEX team_roles_by_role ON team_roles (organization, role, holders);

CREATE TRIGGER team_members_hold_roles AFTER INSERT ON team_members
BEGIN
  INSERT INTO team_member_roles (organization, role, team, user)
  SELECT NEW.organization, value, NEW.team, NEW.user FROM json_each(NEW.roles);
END;

CREATE TRIGGER team_members_change_roles AFTER UPDATE OF roles ON team_members WHEN NEW.roles <> OLD.roles
BEGIN
  DELETE FROM team_member_roles WHERE organization = OLD.organization AND team = OLD.team AND user = OLD.user;
  INSERT INTO team_member_roles (organization, role, team, user)
  SELECT NEW.organization, value, NEW.team, NEW.user FROM json_each(NEW.roles);
END;

CREATE TRIGGER team_roles_gain_a_holder AFTER INSERT ON team_member_roles
BEGIN
  INSERT INTO team_roles (organization, team, role, holders) VALUES (NEW.organization, NEW.team, NEW.role, 1)
  ON CONFLICT (organization, team, role) DO UPDATE SET holders = holders + 1;
END;

CREATE TRIGGER team_roles_lose_a_holder AFTER DELETE ON team_member_roles
BEGIN
  UPDATE team_roles SET holders = holders - 1
  WHERE organization = OLD.organization AND team = OLD.team AND role = OLD.role;
END;

CREATE TRIGGER epochs_follow_new_teams AFTER INSERT ON team_members
BEGIN
  UPDATE membership_epochs SET epoch = (SELECT max(seq) FROM commits WHERE organization = NEW.organization)
  WHERE organization = NEW.organization AND user = NEW.user;
END;

CREATE TRIGGER epochs_follow_team_roles AFTER UPDATE OF roles ON team_members WHEN NEW.roles <> OLD.roles
BEGIN
  UPDATE membership_epochs SET epoch = (SELECT max(seq) FROM commits WHERE organization = NEW.organization)
  WHERE organization = NEW.organization AND user = NEW.user;
END;

CREATE TRIGGER epochs_follow_left_teams AFTER DELETE ON team_members
BEGIN
  UPDATE membership_epochs SET epoch = (SELECT max(seq) FROM commits WHERE organization = OLD.organization)
  WHERE organization = OLD.organization AND user = OLD.user;
END;

DROP TABLE old_team_member_roles;
DROP TABLE old_team_members;
DROP TABLE old_team_roles;
DROP TABLE old_teams;
DROP TABLE old_member_roles;
DROP TABLE old_roles;
DROP TABLE old_invitation_links;
DROP TABLE old_join_requests;

-- A slug that another organization holds or held is refused before anything hangs on it.
CREATE TRIGGER slugs_have_one_holder BEFORE INSERT ON slugs
WHEN EXISTS (SELECT 1 FROM slugs WHERE slug = NEW.slug AND organization <> NEW.organization)
BEGIN SELECT RAISE(ABORT, 'slug_taken'); END;

CREATE TRIGGER organizations_start_with_their_slug BEFORE INSERT ON organizations
WHEN NOT EXISTS (SELECT 1 FROM slugs WHERE slug = NEW.slug AND organization = NEW.id)
BEGIN SELECT RAISE(ABORT, 'slug_not_held'); END;

CREATE TRIGGER organizations_change_to_their_slug BEFORE UPDATE OF slug ON organizations
WHEN NOT EXISTS (SELECT 1 FROM slugs WHERE slug = NEW.slug AND organization = NEW.id)
BEGIN SELECT RAISE(ABORT, 'slug_not_held'); END;

-- The owner is a member before and stays one. A new organization's owner comes after it, and who activates a
-- registration takes the place of the one that stood in: there the key is looked at when the batch ends.
CREATE TRIGGER organizations_go_to_a_member BEFORE UPDATE OF owner ON organizations
WHEN NEW.owner IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM memberships WHERE organization = NEW.id AND user = NEW.owner)
BEGIN SELECT RAISE(ABORT, 'owner_not_a_member'); END;

CREATE TRIGGER memberships_keep_the_owner BEFORE DELETE ON memberships
WHEN OLD.user NOT LIKE 'registration:%'
  AND EXISTS (SELECT 1 FROM organizations WHERE id = OLD.organization AND owner = OLD.user)
BEGIN SELECT RAISE(ABORT, 'owner_leaves'); END;
