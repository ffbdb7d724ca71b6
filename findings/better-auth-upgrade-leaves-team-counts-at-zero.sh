#!/usr/bin/env bash
# After an upgrade of better-auth from 1.6 to 1.7, `team.memberCount` is 0 for teams that have members.
#
# One would guess: the migration that adds the column `memberCount` to `team` fills it from the rows of `teamMember`, and
# fills the new column `membershipKey` of `teamMember`.
# What happens: `runMigrations` adds both columns. The count is 0 and the key is NULL for every row that was there before.
# Who meets it: installations that came from 1.6, and importers that believe the counter.
# Remedy: count the rows of `teamMember`.
# Seen with: better-auth 1.6.34, then 1.7.25, on the SQLite of Node 24.21.0. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
for version in 1.6.34 1.7.25; do
  mkdir "$version" && cd "$version"
  echo '{"private":true,"type":"module"}' > package.json
  npm install --silent --no-audit --no-fund node@24.21.0 "better-auth@$version"
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
  cd ..
done
cat > 1.6.34/fill.mjs <<'JS'
import { api, signUp } from "./auth.mjs";
const [ada, bob] = [await signUp("ada"), await signUp("bob")];
const acme = await api.createOrganization({ body: { name: "Acme", slug: "acme" }, headers: ada.headers });
await api.addMember({ body: { userId: bob.id, role: "member", organizationId: acme.id } });
const team = await api.createTeam({ body: { name: "Design", organizationId: acme.id }, headers: ada.headers });
await api.addTeamMember({ body: { teamId: team.id, userId: bob.id }, headers: ada.headers });
JS
cat > 1.7.25/look.mjs <<'JS'
import { database } from "./auth.mjs";
const members = "(SELECT count(*) FROM teamMember WHERE teamId = team.id";
console.log(JSON.stringify(database.prepare(`SELECT memberCount, ${members}) AS members, ${members} AND membershipKey IS NULL) AS withoutKey FROM team WHERE name = 'Design'`).get()));
JS
(cd 1.6.34 && node_modules/.bin/node --no-warnings fill.mjs ../database.sqlite)
seen=$(cd 1.7.25 && node_modules/.bin/node --no-warnings look.mjs ../database.sqlite | tail -1)
expected='{"memberCount":0,"members":1,"withoutKey":1}'
echo "better-auth 1.6.34 upgraded to 1.7.25: a team with one member"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
