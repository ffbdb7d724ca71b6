// What the settings would do to what is stored: migrations, held roles, the prefixes of user ids.
//
// Owns: the questions to the database and what their answers mean. Never does: run them.

import { error, unchecked, warning } from "./levels.mjs";

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const many = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** The migrations that were applied. */
const applied = "SELECT name FROM d1_migrations ORDER BY id";

/** Keys that are held and that no own role of the organization has. Whether one is declared, the caller knows. */
const held = `SELECT role, count(*) AS holders, count(DISTINCT organization) AS organizations FROM (
  SELECT organization, role FROM member_roles UNION ALL SELECT organization, role FROM team_member_roles) h
  WHERE role NOT IN ('owner', 'admin', 'member')
  AND NOT EXISTS (SELECT 1 FROM roles r WHERE r.organization = h.organization AND r.key = h.role)
  GROUP BY role ORDER BY role`;

/** The installation's own ids stand for no person. */
const ownPrefixes = ["guildhall:", "registration:"];
const begins = (user, prefixes) => prefixes.map((prefix) => `substr(${user}, 1, ${prefix.length}) = ${quoted(prefix)}`).join(" OR ") || "FALSE";

/**
 * Members whose ids no authenticator gives. Without an empty prefix these are all that begin with no prefix; with one,
 * those that begin with a prefix which was in force once and is no more: the clock remembers them.
 */
function stranded(prefixes) {
  const named = prefixes.filter((prefix) => prefix !== "");
  if (named.length === prefixes.length) {
    return `SELECT count(*) AS members, min(user) AS example FROM memberships WHERE NOT (${begins("user", [...named, ...ownPrefixes])})`;
  }
  return `SELECT count(*) AS members, min(m.user) AS example FROM memberships m WHERE NOT (${begins("m.user", named)})
    AND EXISTS (SELECT 1 FROM ticks t, json_each(t.users) f WHERE f.value <> '' AND f.value NOT IN (${["", ...named].map(quoted).join(", ")})
    AND substr(m.user, 1, length(f.value)) = f.value)`;
}

const hasPrefixes = ({ prefixes }) => (prefixes ?? []).length > 0;

/** What is asked, by name, as far as the settings could be read. */
export const databaseQuestions = (judged) => ({
  applied,
  ...(judged.roles && { held }),
  ...(hasPrefixes(judged) && { stranded: stranded(judged.prefixes) }),
});

function pending({ migrations, beforeDeploy, mode }, rows) {
  const names = rows.map(({ name }) => name);
  const missing = migrations.filter((name) => !names.includes(name));
  if (missing.length === 0 || beforeDeploy) return [];
  const where = mode === "remote" ? "--remote" : "--local --persist-to build/state";
  return [error("migrations_pending", "the database DB", `${many(missing.length, "migration")} not applied, from ${missing[0]} on`, `npx wrangler d1 migrations apply DB ${where}   (\`npm run deploy\` and \`npm start\` do so)`)];
}

function undeclared({ file }, judged, rows) {
  return rows.filter(({ role }) => !judged.roles.includes(role)).map(({ role, holders, organizations }) => {
    const what = `the role \`${role}\` is declared no more: ${many(holders, "holding")} in ${many(organizations, "organization")} would allow nothing`;
    return warning("held_role_undeclared", `[vars] ROLES in ${file}`, what, `declare \`${role}\` in ROLES, or give its holders other roles (docs/roles.md)`);
  });
}

function prefixChanged({ file }, [{ members, example }]) {
  if (members === 0) return [];
  const what = `no \`users\` prefix gives the ids of ${many(members, "member")}, like \`${example}\`: these users could not sign in any more`;
  return [error("users_prefix_changed", `[vars] AUTH in ${file}`, what, "give the issuer the `users` prefix back that it had when they came, or remove these members first")];
}

const lacks = (answer) => answer.unknown !== undefined && /no such (table|column)/.test(answer.unknown);

const unknownFinding = (answer) => unchecked("database_unchecked", "the database DB", `it could not be asked: ${answer.unknown}`, "npx wrangler login, or set CLOUDFLARE_API_TOKEN, then run this again");
const unmigrated = () => unchecked("stored_unchecked", "the database DB", "held roles and user ids are looked at when the migrations are applied", "run this again after the deployment");

/** Asks the questions; what needs a migration that was not applied is answered by nothing. */
async function answersOf({ ask }, questions) {
  const all = await ask(Object.values(questions));
  if (!all.unknown) return Object.fromEntries(Object.keys(questions).map((name, index) => [name, all[index]]));
  if (!lacks(all)) return { applied: all };
  const one = async ([name, question]) => {
    const answer = await ask([question]);
    return [name, answer.unknown === undefined ? answer[0] : answer];
  };
  const answers = [];
  for (const entry of Object.entries(questions)) answers.push(await one(entry));
  return Object.fromEntries(answers);
}

/** The findings about what is stored. An empty database has no schema yet: a deployment makes it. */
export async function databaseFindings(known, judged) {
  const answers = await answersOf(known, databaseQuestions(judged));
  if (lacks(answers.applied)) return pending(known, []);
  const failed = Object.values(answers).find((answer) => answer.unknown !== undefined && !lacks(answer));
  if (failed) return [unknownFinding(failed)];
  const { held: roles = [], stranded: outside = [{ members: 0 }] } = answers;
  return [
    ...pending(known, answers.applied),
    ...(lacks(roles) ? [] : undeclared(known, judged, roles)),
    ...(lacks(outside) ? [] : prefixChanged(known, outside)),
    ...(lacks(roles) || lacks(outside) ? [unmigrated()] : []),
  ];
}
