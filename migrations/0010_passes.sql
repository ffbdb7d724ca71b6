-- The version of the organization at which each membership last changed in power or state: its roles, its
-- end, whether it is suspended, ownership, what is held in teams. A pass carries it, so that whoever has
-- heard of a change (`member.roles_changed`, version 7) can refuse that member's older passes and no one
-- else's. What a role allows and where a team stands change for many at once: there the organization's
-- version tells. Kept by triggers, which follow the commit that is the first statement of each batch.

CREATE TABLE membership_epochs (
  organization TEXT NOT NULL,
  user TEXT NOT NULL,
  epoch INTEGER NOT NULL CHECK (epoch >= 0),
  PRIMARY KEY (organization, user),
  FOREIGN KEY (organization, user) REFERENCES memberships (organization, user) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Nobody knows any more when the memberships of before changed: now at the latest.
INSERT INTO membership_epochs (organization, user, epoch)
SELECT m.organization, m.user, o.version FROM memberships m JOIN organizations o ON o.id = m.organization;

CREATE TRIGGER epochs_begin AFTER INSERT ON memberships
BEGIN
  INSERT INTO membership_epochs (organization, user, epoch)
  VALUES (NEW.organization, NEW.user,
          COALESCE((SELECT max(seq) FROM commits WHERE organization = NEW.organization), 0));
END;

CREATE TRIGGER epochs_follow_memberships AFTER UPDATE OF roles, state, until ON memberships
WHEN NEW.roles <> OLD.roles OR NEW.state <> OLD.state OR NEW.until IS NOT OLD.until
BEGIN
  UPDATE membership_epochs SET epoch = (SELECT max(seq) FROM commits WHERE organization = NEW.organization)
  WHERE organization = NEW.organization AND user = NEW.user;
END;

CREATE TRIGGER epochs_follow_owners AFTER UPDATE OF owner ON organizations WHEN NEW.owner IS NOT OLD.owner
BEGIN
  UPDATE membership_epochs SET epoch = (SELECT max(seq) FROM commits WHERE organization = NEW.id)
  WHERE organization = NEW.id AND user IN (OLD.owner, NEW.owner);
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
