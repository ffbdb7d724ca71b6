#!/usr/bin/env bash
# `true` is the number 1 in D1 and the text `true` in the SQLite storage of a Durable Object.
#
# One would guess: both are SQLite behind the same runtime, so one statement with one bound value stores one thing.
# What happens: D1 stores the REAL 1. `ctx.storage.sql.exec` stores the TEXT `true`, which is not equal to 1, and which
# SQLite takes for false in a condition. The same holds for whole numbers bound to TEXT: both store `7.0`.
# Who meets it: code that moves its statements from D1 into a Durable Object, or runs the same statements on both.
# Remedy: bind `Number(flag)`.
# Seen with: miniflare 5.20261117.0-beta, workerd 1.20261117.1. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 miniflare@5.20261117.0-beta workerd@1.20261117.1
cat > try.mjs <<'JS'
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
const script = `import { DurableObject } from "cloudflare:workers";
const create = "CREATE TABLE flags(active)", insert = "INSERT INTO flags VALUES (?)";
const select = "SELECT active, typeof(active) AS type, (SELECT count(*) FROM flags WHERE active) AS counted FROM flags";
export class Flags extends DurableObject {
  async run() { const sql = this.ctx.storage.sql; sql.exec(create); sql.exec(insert, true); return sql.exec(select).toArray()[0]; }
}
export default { async fetch(request, env) {
  await env.DB.prepare(create).run(); await env.DB.prepare(insert).bind(true).run();
  return Response.json({ d1: await env.DB.prepare(select).first(), durableObject: await env.FLAGS.get(env.FLAGS.idFromName("one")).run() });
} }`;
const miniflare = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-10-01", d1Databases: ["DB"], durableObjects: { FLAGS: { className: "Flags", useSQLite: true } }, host: "127.0.0.1" }));
console.log(await (await miniflare.dispatchFetch("http://localhost/")).text());
await miniflare.dispose();
JS
seen=$(node_modules/.bin/node try.mjs | tail -1)
expected='{"d1":{"active":1,"type":"real","counted":1},"durableObject":{"active":"true","type":"text","counted":0}}'
echo "workerd 1.20261117.1: true, bound in D1 and in a Durable Object"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
