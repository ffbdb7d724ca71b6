#!/usr/bin/env bash
# On D1, both owners of an organization leave it at once with better-auth's `leaveOrganization`, and no owner is left.
#
# One would guess: one of the two leaves and the other is refused with YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER,
# as happens when they leave one after the other, and as happens at once on the SQLite of Node.
# What happens: on D1 both leave, in eight of eight organizations. Each stays with its third member and without an owner: the
# owners are counted by one statement and the membership is deleted by another, and D1 has no transaction around the two.
# Who meets it: organizations on D1 whose two owners leave in the same moment; importers, which must expect ownerless ones.
# Remedy: a trigger on `member` that refuses to delete the last owner; an importer names an owner.
# Seen with: better-auth 1.7.25, miniflare 5.20261117.0-beta with workerd 1.20261117.1. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 better-auth@1.7.25 miniflare@5.20261117.0-beta esbuild@0.28.2
cat > worker.mjs <<'JS'
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { organization } from "better-auth/plugins";
async function run(database) {
  const options = { baseURL: "http://127.0.0.1:3000", secret: "an example secret of 32 bytes ok", database, emailAndPassword: { enabled: true },
    telemetry: { enabled: false }, logger: { level: "error" }, plugins: [organization()] };
  await (await getMigrations(options)).runMigrations();
  const { api } = betterAuth(options);
  const signUp = async (name) => {
    const answer = await api.signUpEmail({ body: { email: `${name}@example.com`, password: "an example password", name }, returnHeaders: true });
    return { id: answer.response.user.id, headers: new Headers({ cookie: answer.headers.get("set-cookie").split(";")[0] }) };
  };
  const [ada, bob, eve] = [await signUp("ada"), await signUp("bob"), await signUp("eve")];
  const made = async (slug) => {
    const { id } = await api.createOrganization({ body: { name: slug, slug }, headers: ada.headers });
    await api.addMember({ body: { userId: bob.id, role: "owner", organizationId: id } });
    await api.addMember({ body: { userId: eve.id, role: "member", organizationId: id } });
    return id;
  };
  const leave = (organizationId, { headers }) => api.leaveOrganization({ body: { organizationId }, headers }).then(() => "left", (error) => error.body?.code ?? error.message);
  const owners = (id) => database.prepare("SELECT count(*) AS owners FROM member WHERE organizationId = ? AND role = 'owner'").bind(id).first("owners");
  const one = await made("one");
  const inTurn = [await leave(one, ada), await leave(one, bob)];
  let ownerless = 0;
  for (let number = 0; number < 8; number += 1) {
    const id = await made(`other-${number}`);
    await Promise.all([leave(id, ada), leave(id, bob)]);
    if ((await owners(id)) === 0) ownerless += 1;
  }
  return { inTurn, ownersThen: await owners(one), atOnce: ownerless > 0 ? "ownerless organizations" : "none ownerless", ownerless };
}
export default { fetch: async (request, env) => Response.json(await run(env.DB)) };
JS
node_modules/.bin/esbuild worker.mjs --bundle --format=esm --target=esnext --conditions=workerd,worker --external:node:* --external:cloudflare:* --log-level=error --outfile=main.mjs
cat > try.mjs <<'JS'
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
const miniflare = new Miniflare(convertV4MiniflareOptions({ host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false }, modules: true, scriptPath: "main.mjs",
  compatibilityDate: "2026-10-01", compatibilityFlags: ["nodejs_compat"], d1Databases: ["DB"] }));
const text = await (await miniflare.dispatchFetch("http://127.0.0.1/")).text();
await miniflare.dispose();
const { ownerless, ...seen } = JSON.parse(text);
console.log(`${ownerless} of 8 organizations have no owner`);
console.log(JSON.stringify(seen));
JS
said=$(node_modules/.bin/node --no-warnings try.mjs)
seen=$(tail -1 <<<"$said")
expected='{"inTurn":["left","YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER"],"ownersThen":1,"atOnce":"ownerless organizations"}'
echo "better-auth 1.7.25 on D1: two owners leave, in turn, and at once in 8 organizations"
echo "counted:  $(head -1 <<<"$said")"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
