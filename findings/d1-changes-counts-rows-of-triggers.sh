#!/usr/bin/env bash
# `meta.changes` of D1 counts the rows that triggers and cascades wrote.
#
# One would guess: `meta.changes` is SQLite's `changes()`, which leaves out the rows of triggers and foreign key actions.
# What happens: it is the difference of `total_changes()`. One inserted row with a trigger that writes two rows answers
# 3, while `SELECT changes()` in the next statement of the same batch answers 1. `changes === 1` as the test of a
# guarded UPDATE fails as soon as a trigger exists.
# Who meets it: code that checks `meta.changes` for "this write found its row".
# Remedy: use RETURNING and count the rows of the answer.
# Seen with: miniflare 5.20261117.0-beta, workerd 1.20261117.1. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 miniflare@5.20261117.0-beta workerd@1.20261117.1
cat > try.mjs <<'JS'
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
const script = `export default { async fetch(request, env) {
  const statement = (text) => env.DB.prepare(text);
  await env.DB.batch(["CREATE TABLE member(id INTEGER PRIMARY KEY)", "CREATE TABLE word(member INTEGER REFERENCES member(id) ON DELETE CASCADE)",
    "CREATE TRIGGER words AFTER INSERT ON member BEGIN INSERT INTO word VALUES (NEW.id); INSERT INTO word VALUES (NEW.id); END"].map(statement));
  const [insert, changes] = await env.DB.batch([statement("INSERT INTO member VALUES (1)"), statement("SELECT changes() AS n")]);
  const remove = await statement("DELETE FROM member WHERE id = 1").run();
  return Response.json({ insert: insert.meta.changes, sqliteChanges: changes.results[0].n, delete: remove.meta.changes });
} }`;
const miniflare = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-10-01", d1Databases: ["DB"], host: "127.0.0.1" }));
console.log(await (await miniflare.dispatchFetch("http://localhost/")).text());
await miniflare.dispose();
JS
seen=$(node_modules/.bin/node try.mjs | tail -1)
expected='{"insert":3,"sqliteChanges":1,"delete":3}'
echo "workerd 1.20261117.1, D1: meta.changes of a statement with a trigger, and of one with a cascade"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
