#!/usr/bin/env bash
# better-auth refuses an owner who leaves an organization of more than 100 members, although there is a second owner.
#
# One would guess: an owner may leave while another member is an owner, whatever the number of members. `membershipLimit` is
# raised to 1000, so that organizations may be that large.
# What happens: among 99 members the first owner leaves. Among 150, of whom the last is the second owner, the first owner is
# refused with YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER: the members are listed to count the owners, and a list
# without a limit of its own ends after 100 rows (`advanced.database.defaultFindManyLimit`).
# Who meets it: owners of large organizations. Their successor is often the newest owner.
# Remedy: `advanced.database.defaultFindManyLimit` above the largest organization; or make the leaving owner a member first.
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
export const database = new DatabaseSync(":memory:");
const options = { baseURL: "http://127.0.0.1:3000", secret: "an example secret of 32 bytes ok", database, emailAndPassword: { enabled: true },
  telemetry: { enabled: false }, logger: { level: "error" }, plugins: [organization({ membershipLimit: 1000 })] };
await (await getMigrations(options)).runMigrations();
export const { api } = betterAuth(options);
export async function signUp(name) {
  const answer = await api.signUpEmail({ body: { email: `${name}@example.com`, password: "an example password", name }, returnHeaders: true });
  return { id: answer.response.user.id, headers: new Headers({ cookie: answer.headers.get("set-cookie").split(";")[0] }) };
}
export const found = (slug, { headers }) => api.createOrganization({ body: { name: slug, slug }, headers });
export const add = ({ id: organizationId }, { id: userId }, role) => api.addMember({ body: { userId, role, organizationId } });
export const leave = ({ id: organizationId }, { headers }) => api.leaveOrganization({ body: { organizationId }, headers }).then(() => "left", (error) => error.body?.code ?? error.message);
export const owners = ({ id }) => database.prepare("SELECT count(*) AS owners FROM member WHERE organizationId = ? AND role = 'owner'").get(id).owners;
JS
cat > try.mjs <<'JS'
import { add, database, found, leave, owners, signUp } from "./auth.mjs";
const [ada, bob] = [await signUp("ada"), await signUp("bob")];
const user = database.prepare("INSERT INTO user (id, name, email, emailVerified, createdAt, updatedAt) VALUES (?, 'Crew', ?, 1, '2026-11-30T00:00:00.000Z', '2026-11-30T00:00:00.000Z')");
for (let number = 0; number < 148; number += 1) user.run(`crew-${number}`, `crew-${number}@example.com`);
const made = async (slug, members) => {
  const organization = await found(slug, ada);
  for (let number = 0; number < members - 2; number += 1) await add(organization, { id: `crew-${number}` }, "member");
  await add(organization, bob, "owner");
  return organization;
};
const [small, large] = [await made("small", 99), await made("large", 150)];
const before = owners(large);
console.log(JSON.stringify({ among99: await leave(small, ada), ownersOfTheLargeOne: before, among150: await leave(large, ada) }));
JS
seen=$(node_modules/.bin/node --no-warnings try.mjs | tail -1)
expected='{"among99":"left","ownersOfTheLargeOne":2,"among150":"YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"}'
echo "better-auth 1.7.25: one of two owners leaves, among 99 members and among 150"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
