// An organization with a crowd in it, and small ones beside it.
//
// Owns: the rows, written past the commands (a million of them would take a day) with the triggers' counts.
// Never does: measure.

/** No daily limit is met, and what is deleted goes at once. */
export const settings = {
  INVITATIONS_PENDING: "1000000",
  INVITATIONS_PER_DAY: "1000000",
  INVITATIONS_PER_INVITER_AND_DAY: "1000000",
  INVITATIONS_PER_RECIPIENT_AND_DAY: "1000000",
  DELETION_GRACE: "0",
};

const n = (most) => `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most})`;
const people = "printf('u%08d', i)";
const membership = "printf('mem_%012x700080000000%08x', i, i)";

/** Members with their addresses (every second one proven), their roles, words, epochs and one team each. */
const crowd = (organization, members) => [
  // As after an upgrade that is over: the sweep makes no words anew.
  "DELETE FROM member_words_progress",
  `${n(members)} INSERT INTO memberships (organization, user, id, email, email_key, name, name_key, roles, joined_at, email_verified)
   SELECT '${organization}', ${people}, ${membership}, printf('u%d@crowd.example', i), printf('u%d@crowd.example', i),
   printf('Member %08d', i), printf('member %08d', i),
   CASE i % 20 WHEN 1 THEN json_array('custom-' || (1 + i / 20 % 10)) WHEN 2 THEN '["admin"]' ELSE '["member"]' END,
   1700000000000 + i, i % 2 FROM n`,
  `INSERT INTO member_roles (organization, role, user, joined_at, name_key, id)
   SELECT m.organization, r.value, m.user, m.joined_at, m.name_key, m.id FROM memberships m, json_each(m.roles) r WHERE m.user LIKE 'u0%'`,
  ...["email_key", "name_key", "user"].map((word) => `INSERT INTO member_words (organization, word, id, user)
   SELECT organization, ${word}, id, user FROM memberships WHERE user LIKE 'u0%'`),
  "INSERT INTO membership_epochs (organization, user, epoch) SELECT organization, user, 1 FROM memberships WHERE user LIKE 'u0%'",
  `INSERT INTO team_members (organization, team, user, roles, added_at, id, joined_at, name_key)
   SELECT m.organization, t.id, m.user, '["member"]', 1, m.id, m.joined_at, m.name_key FROM memberships m
   JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM teams WHERE organization = '${organization}') t
   ON t.place = CAST(substr(m.user, 2) AS INTEGER) % 10 WHERE m.user LIKE 'u0%'`,
  `INSERT INTO team_member_roles (organization, role, team, user)
   SELECT organization, 'member', team, user FROM team_members WHERE user LIKE 'u0%'`,
  `INSERT INTO team_roles (organization, team, role, holders) SELECT organization, team, role, count(*)
   FROM team_member_roles GROUP BY organization, team, role`,
  `UPDATE roles SET holders = (SELECT count(*) FROM member_roles m WHERE m.organization = roles.organization AND m.role = roles.key)`,
  `UPDATE organizations SET member_count = (SELECT count(*) FROM memberships m WHERE m.organization = organizations.id) WHERE id = '${organization}'`,
];

/** What has happened in it: invitations, open and closed, departures, requests, messages, a long log. */
const past = (organization, events) => [
  `${n(events)} INSERT INTO invitations (id, organization, email, email_key, roles, invited_by, state, digest, generation, created_at, expires_at, closed_at)
   SELECT printf('inv_%012x700080000000%08x', i, i), '${organization}', printf('i%d@crowd.example', i), printf('i%d@crowd.example', i),
   '["member"]', 'kurt', CASE i % 2 WHEN 1 THEN 'pending' ELSE 'revoked' END, printf('%064d', i), 1, 1, 4000000000000, CASE i % 2 WHEN 0 THEN 2 END FROM n`,
  `UPDATE organizations SET pending_count = (SELECT count(*) FROM invitations i WHERE i.organization = organizations.id AND i.state = 'pending') WHERE id = '${organization}'`,
  `${n(events)} INSERT INTO departures (organization, user) SELECT '${organization}', printf('gone%d', i) FROM n`,
  `${n(events)} INSERT INTO join_requests (id, organization, body, email_key) SELECT printf('req_%012x700080000000%08x', i, i), '${organization}',
   json_object('id', printf('req_%012x700080000000%08x', i, i), 'organization', '${organization}', 'user', printf('asker%d', i), 'email', NULL, 'name', NULL,
   'message', NULL, 'state', 'denied', 'createdAt', 1, 'decidedBy', 'kurt', 'closedAt', 1), NULL FROM n`,
  `${n(events)} INSERT INTO messages (id, organization, version, notice, created_at, due_at, delivered_at)
   SELECT printf('msg_%012x700080000000%08x', i, i), '${organization}', 1, json_object('to', printf('i%d@crowd.example', i)), 1, 1, 1 FROM n`,
  `${n(events)} INSERT INTO commits (organization, seq, at, actor, action, events, actor_kind, prev_hash, hash, position)
   SELECT o.id, o.version + i, o.updated_at, 'kurt', 'organization.update', '[{"type":"organization.renamed","name":"Crowd"}]', 'user', NULL, printf('%064x', i),
   i + (SELECT max(position) FROM commits) FROM n, organizations o WHERE o.id = '${organization}'`,
  `INSERT INTO commit_types (organization, type, seq, actor) SELECT organization, 'organization.renamed', seq, actor FROM commits WHERE events LIKE '%"Crowd"%'`,
  `UPDATE organizations SET version = version + ${events}, head = printf('%064x', ${events}) WHERE id = '${organization}'`,
];

const idOf = (place) => `printf('org_%012x700080000000%08x', ${place}, ${place})`;
const small = idOf("i");
const smallOf = idOf("(i + 4) / 5");

/** Small organizations of five members each. */
const neighbours = (many) => [
  `${n(many)} INSERT INTO slugs (slug, organization, taken_at) SELECT printf('small-%d', i), ${small}, 1 FROM n`,
  `${n(many)} INSERT INTO commits (organization, seq, at, actor, action, events, actor_kind, hash, position)
   SELECT ${small}, 1, 1, 'x', 'organization.create', '[{"type":"organization.renamed","name":"Small"}]', 'user', printf('%064x', i),
   i + (SELECT max(position) FROM commits) FROM n`,
  `${n(many)} INSERT INTO organizations (id, slug, name, name_key, state, owner, version, metadata, settings, member_count, created_at, updated_at, head)
   SELECT ${small}, printf('small-%d', i), 'Small', 'small', 'active', printf('s%d', 5 * i), 1, '{}', '{}', 5, 1, 1, printf('%064x', i) FROM n`,
  `${n(many)} INSERT INTO organization_words (organization, word) SELECT ${small}, 'small' FROM n
   UNION SELECT ${small}, printf('small%d', i) FROM n`,
  // The cron has nothing to make for organizations of before the upgrade.
  "DELETE FROM organization_words_progress",
  `${n(5 * many)} INSERT INTO memberships (organization, user, id, email, email_key, name, name_key, roles, joined_at, email_verified)
   SELECT ${smallOf}, printf('s%d', i), printf('mem_%032d', i), printf('s%d@small.example', i), printf('s%d@small.example', i), 'S', 's',
   '["member"]', i, 1 FROM n`,
  `INSERT INTO member_roles (organization, role, user, joined_at, name_key, id)
   SELECT organization, 'member', user, joined_at, name_key, id FROM memberships WHERE user LIKE 's%'`,
  "INSERT INTO member_words (organization, word, id, user) SELECT organization, email_key, id, user FROM memberships WHERE user LIKE 's%'",
  "INSERT INTO membership_epochs (organization, user, epoch) SELECT organization, user, 1 FROM memberships WHERE user LIKE 's%'",
  `${n(many)} INSERT INTO teams (id, organization, body) SELECT printf('team_%032d', i), ${small}, '{}' FROM n`,
  `INSERT INTO team_members (organization, team, user, roles, added_at, id, joined_at, name_key)
   SELECT m.organization, t.id, m.user, '["member"]', 1, m.id, m.joined_at, m.name_key FROM memberships m
   JOIN teams t ON t.organization = m.organization WHERE m.user LIKE 's%' AND m.joined_at % 2 = 0`,
  `${n(many)} INSERT INTO invitations (id, organization, email, email_key, roles, invited_by, state, digest, generation, created_at, expires_at)
   SELECT printf('inv_%032d', i), ${small}, printf('n%d@small.example', i), printf('n%d@small.example', i), '["member"]', 'x', 'pending',
   printf('%032d%032d', i, 7), 1, 1, 4000000000000 FROM n`,
];

/** Everything in one transaction, without the triggers, which come back as they were. */
export function fill(database, organization, { members, events, small }) {
  const triggers = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  database.exec("PRAGMA synchronous = OFF; BEGIN; PRAGMA defer_foreign_keys = ON");
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  const statements = [...crowd(organization, members), ...past(organization, events), ...(small > 0 ? neighbours(small) : [])];
  for (const statement of statements) database.exec(statement);
  for (const { sql } of triggers) database.exec(sql);
  database.exec("COMMIT");
}
