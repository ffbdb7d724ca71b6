#!/usr/bin/env bash
# A whole number that is bound to a TEXT column of D1 is stored as `7.0`.
#
# One would guess: `bind(7)` into a TEXT column stores `7`, as other SQLite drivers for JavaScript do that bind whole
# numbers as INTEGER; `json_array(?)` gives `[7]`.
# What happens: D1 on workerd binds every JavaScript number as a REAL. TEXT affinity turns that into `7.0`, and
# `json_array(?)` gives `[7.0]`. An id or a version that is compared as text is never found again.
# Who meets it: code that keeps numeric ids of an identity provider in a TEXT column, or builds JSON inside a statement.
# Remedy: bind `String(7)`, or write `CAST(? AS INTEGER)` in the statement.
# Seen with: miniflare 5.20261117.0-beta, workerd 1.20261117.1. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 miniflare@5.20261117.0-beta workerd@1.20261117.1
cat > try.mjs <<'JS'
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
const script = `export default { async fetch(request, env) {
  await env.DB.prepare("CREATE TABLE users(id TEXT PRIMARY KEY)").run();
  await env.DB.prepare("INSERT INTO users VALUES (?)").bind(7).run();
  const stored = await env.DB.prepare("SELECT id, typeof(id) AS type FROM users").first();
  const json = await env.DB.prepare("SELECT json_array(?) AS json").bind(7).first("json");
  const found = await env.DB.prepare("SELECT count(*) AS n FROM users WHERE id = '7'").first("n");
  return Response.json({ id: stored.id, type: stored.type, json, foundAsText7: found });
} }`;
const miniflare = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-10-01", d1Databases: ["DB"], host: "127.0.0.1" }));
console.log(await (await miniflare.dispatchFetch("http://localhost/")).text());
await miniflare.dispose();
JS
seen=$(node_modules/.bin/node try.mjs | tail -1)
expected='{"id":"7.0","type":"text","json":"[7.0]","foundAsText7":0}'
echo "workerd 1.20261117.1, D1: bind(7) into TEXT and into json_array()"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
