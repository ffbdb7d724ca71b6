-- Teams: parts of an organization, one below another, and who holds which roles in them.

CREATE TABLE teams (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  parent TEXT AS (body ->> 'parent') STORED CHECK (parent <> id),
  UNIQUE (organization, id),
  FOREIGN KEY (organization, parent) REFERENCES teams (organization, id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE INDEX teams_by_parent ON teams (organization, parent);

-- The last three columns are the membership's, which never change: lists by team go along them.
CREATE TABLE team_members (
  organization TEXT NOT NULL,
  team TEXT NOT NULL,
  user TEXT NOT NULL,
  roles TEXT NOT NULL CHECK (json_array_length(roles) >= 1 AND roles NOT LIKE '%"owner"%'),
  added_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  name_key TEXT NOT NULL,
  PRIMARY KEY (organization, team, user),
  FOREIGN KEY (organization, team) REFERENCES teams (organization, id) ON DELETE CASCADE,
  FOREIGN KEY (organization, user) REFERENCES memberships (organization, user) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX team_members_by_user ON team_members (organization, user, team);
CREATE INDEX team_members_by_age ON team_members (organization, team, joined_at, id);
CREATE INDEX team_members_by_name ON team_members (organization, team, name_key, id);

-- Which roles are held in a team, and by how many: kept by triggers, so that moving a team and ending a
-- role need not look at members.
CREATE TABLE team_member_roles (
  organization TEXT NOT NULL,
  role TEXT NOT NULL,
  team TEXT NOT NULL,
  user TEXT NOT NULL,
  PRIMARY KEY (organization, role, team, user),
  FOREIGN KEY (organization, team, user) REFERENCES team_members (organization, team, user) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX team_member_roles_by_member ON team_member_roles (organization, team, user);

CREATE TABLE team_roles (
  organization TEXT NOT NULL,
  team TEXT NOT NULL,
  role TEXT NOT NULL,
  holders INTEGER NOT NULL CHECK (holders >= 0),
  PRIMARY KEY (organization, team, role),
  FOREIGN KEY (organization, team) REFERENCES teams (organization, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

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

-- Into which teams an invitation leads.
ALTER TABLE invitations ADD COLUMN teams TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(teams));
