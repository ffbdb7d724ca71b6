#!/usr/bin/env bash
# better-auth's `addMember`, called four times at once for one user, stores four memberships.
#
# One would guess: one call answers, the others are refused with USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION, since the
# fifth call, made afterwards, is refused with that code; or a unique index on organization and user refuses them.
# What happens: all four answer, and the table `member` holds four rows for one user in one organization. The tables that
# the migrations make have no unique index on the two columns.
# Who meets it: back ends that add members from a queue or a webhook that is delivered twice; importers of these tables.
# Remedy: a unique index of one's own; an importer merges the rows of one user.
# Seen with: better-auth 1.7.25, on the SQLite of Node 24.21.0. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 better-auth@1.7.25
cat > auth.mjs <<'JS'
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { organization } from "better-auth/plugins";
export const database = new DatabaseSync(process.argv[2]);
const options = { baseURL: "http://127.0.0.1:3000", secret: "an example secret of 32 bytes ok", database, emailAndPassword: { enabled: true },
  telemetry: { enabled: false }, logger: { level: "error" }, plugins: [organization({ teams: { enabled: true } })] };
await (await getMigrations(options)).runMigrations();
export const { api } = betterAuth(options);
export async function signUp(name) {
  const answer = await api.signUpEmail({ body: { email: `${name}@example.com`, password: "an example password", name }, returnHeaders: true });
  return { id: answer.response.user.id, headers: new Headers({ cookie: answer.headers.get("set-cookie").split(";")[0] }) };
}
JS
cat > try.mjs <<'JS'
import { api, database, signUp } from "./auth.mjs";
const [ada, bob] = [await signUp("ada"), await signUp("bob")];
const acme = await api.createOrganization({ body: { name: "Acme", slug: "acme" }, headers: ada.headers });
const add = () => api.addMember({ body: { userId: bob.id, role: "member", organizationId: acme.id } }).then(() => "added", (error) => error.body?.code ?? error.message);
const atOnce = await Promise.all([add(), add(), add(), add()]);
const afterwards = await add();
const { rows } = database.prepare("SELECT count(*) AS rows FROM member WHERE userId = ?").get(bob.id);
console.log(JSON.stringify({ atOnce, afterwards, rows }));
JS
seen=$(node_modules/.bin/node --no-warnings try.mjs database.sqlite | tail -1)
expected='{"atOnce":["added","added","added","added"],"afterwards":"USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION","rows":4}'
echo "better-auth 1.7.25: one user added four times at once, then once more"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
