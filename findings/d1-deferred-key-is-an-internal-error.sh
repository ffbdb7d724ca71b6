#!/usr/bin/env bash
# A deferred foreign key that is violated at the end of a D1 batch is reported as an internal error.
#
# One would guess: the violation arrives as `D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT`, like the
# violation of the same key without DEFERRABLE.
# What happens: the immediate key gives that text. The deferred key gives `internal error; reference = ...`, which
# names neither D1 nor the constraint. The batch is rolled back in both cases. Code that tells refusals from outages by
# the text takes a refused write for an outage.
# Who meets it: schemas with two tables that point at each other (an organization and the membership of its owner).
# Remedy: let what can collide violate an immediate constraint or a trigger's RAISE(ABORT, ...) first.
# Seen with: miniflare 5.20261117.0-beta, workerd 1.20261117.1. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 miniflare@5.20261117.0-beta workerd@1.20261117.1
cat > try.mjs <<'JS'
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
const script = `export default { async fetch(request, env) {
  const run = (...statements) => env.DB.batch(statements.map((text) => env.DB.prepare(text)));
  const message = (promise) => promise.then(() => "accepted", (error) => error.message.replace(/reference = .*/, "reference = ..."));
  await run("CREATE TABLE parent(id INTEGER PRIMARY KEY)",
    "CREATE TABLE immediate(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id))",
    "CREATE TABLE deferred(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)");
  const immediate = await message(run("INSERT INTO immediate VALUES (1, 99)"));
  const deferred = await message(run("INSERT INTO deferred VALUES (1, 99)"));
  const rows = await env.DB.prepare("SELECT (SELECT count(*) FROM immediate) + (SELECT count(*) FROM deferred) AS n").first("n");
  return Response.json({ immediate, deferred, rows });
} }`;
const miniflare = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-10-01", d1Databases: ["DB"], host: "127.0.0.1" }));
console.log(await (await miniflare.dispatchFetch("http://localhost/")).text());
await miniflare.dispose();
JS
seen=$(node_modules/.bin/node try.mjs 2>/dev/null | tail -1)
expected='{"immediate":"D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)","deferred":"internal error; reference = ...","rows":0}'
echo "workerd 1.20261117.1, D1: the same violation of an immediate and of a deferred foreign key"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
