// The world that every contender holds: the same people in the same organizations, written into its database file.
//
// Owns: who there is, and the two tables (`temp.orgs`, `temp.people`) from which a contender fills its own. Never
// does: run ANALYZE: nothing does in production.

/** Organization 1 is the crowd; 1 to `list` have the star among their admins; then one of twenty; then those that are written to. */
export const places = ({ list }) => ({ crowd: 1, twenty: list + 1, invite: list + 2, accept: list + 3, add: list + 4, burst: list + 5, spare: 24 });

/** How large the world is: of the rows, of a test, of each step of growth. */
export const worlds = {
  usual: { organizations: 1000, members: 20, crowd: 20, list: 100, guests: 3000 },
  smoke: { organizations: 40, members: 3, crowd: 20, list: 10, guests: 60 },
};

/** A world that has grown in one direction. */
export const grown = {
  members: (size, { list, guests }) => ({ organizations: list + 40, members: 2, crowd: size, list, guests }),
  organizations: (size, { list, guests }) => ({ organizations: size, members: 1, crowd: 20, list, guests }),
};

export const star = { id: "star", email: "star@bench.example" };
export const owner = (place) => ({ id: `owner-${place}`, email: `owner-${place}@bench.example` });
export const guest = (number) => ({ id: `guest-${number}`, email: `guest-${number}@bench.example` });
export const slug = (place) => `org-${place}`;

const counted = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $most)";

/** The two tables in `database`. `at` is in milliseconds; the owner of each organization is its first member. */
export function settle(database, { organizations, members, crowd, list, guests }) {
  database.exec(`
    CREATE TEMP TABLE orgs (i INTEGER PRIMARY KEY, slug TEXT, name TEXT, owner TEXT);
    CREATE TEMP TABLE people (i INTEGER PRIMARY KEY, org INTEGER, user TEXT, email TEXT, name TEXT, role TEXT, at INTEGER);
    CREATE TEMP TABLE guests (user TEXT, email TEXT);`);
  const run = (sql, values) => database.prepare(sql).run(values);
  run(`${counted} INSERT INTO temp.orgs SELECT i, 'org-' || i, 'Organization ' || i, 'owner-' || i FROM n`, { most: organizations });
  const people = "INSERT INTO temp.people (org, user, email, name, role, at)";
  run(`${people} SELECT i, owner, owner || '@bench.example', 'Owner ' || i, 'owner', 1700000000000 FROM temp.orgs`, {});
  run(`${people} SELECT i, 'star', 'star@bench.example', 'Star', 'admin', 1700000000001 FROM temp.orgs WHERE i <= $list`, { list });
  const crew = `SELECT o.i, 'm-' || o.i || '-' || n.i, 'm-' || o.i || '-' || n.i || '@bench.example', 'Member ' || n.i, 'member', 1700000000001 + n.i FROM temp.orgs o JOIN n`;
  const more = (where, most) => most > 0 && run(`${counted} ${people} ${crew} WHERE ${where}`, { most });
  more("o.i = 1", crowd - 2);
  more(`o.i = ${list + 1}`, 19);
  more(`o.i NOT IN (1, ${list + 1})`, members - 1);
  run(`${counted} INSERT INTO temp.guests SELECT 'guest-' || i, 'guest-' || i || '@bench.example' FROM n`, { most: guests });
}
