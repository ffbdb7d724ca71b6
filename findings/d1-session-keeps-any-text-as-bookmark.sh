#!/usr/bin/env bash
# `withSession` of D1 takes any text as a bookmark and gives it back after a query, if it sorts after the real one.
#
# One would guess: a text that is no bookmark is refused by `withSession` or by the first query, or the session's
# bookmark is a real one after the first query, as it is for a session that starts without one.
# What happens: no error. Bookmarks are compared as text: a text that begins with a letter sorts after every real bookmark,
# so `getBookmark()` still answers it after any number of queries; a cut bookmark that sorts before the real one is
# replaced. Programs that pass a client's bookmark on and send `getBookmark()` back keep the unreadable one.
# Who meets it: Workers that carry the bookmark in a header or a cookie, as the documentation of read replication shows.
# Remedy: check the form (8-8-8-32 hexadecimal digits) first; otherwise start with `first-primary`.
# Seen with: miniflare 5.20261117.0-beta, workerd 1.20261117.1 (local). Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 miniflare@5.20261117.0-beta workerd@1.20261117.1
cat > try.mjs <<'JS'
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
const script = `export default { async fetch(request, env) {
  const after = async (start) => { const session = env.DB.withSession(start); await session.prepare("SELECT 1").all(); return session.getBookmark(); };
  const real = (text) => (/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{32}$/.test(text) ? "real" : text);
  return Response.json({ fresh: real(await after("first-unconstrained")), cutShort: real(await after("00000000-0000")), words: await after("from an old cookie") });
} }`;
const miniflare = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-10-01", d1Databases: ["DB"], host: "127.0.0.1" }));
console.log(await (await miniflare.dispatchFetch("http://localhost/")).text());
await miniflare.dispose();
JS
seen=$(node_modules/.bin/node try.mjs | tail -1)
expected='{"fresh":"real","cutShort":"real","words":"from an old cookie"}'
echo "workerd 1.20261117.1, D1: the bookmark of a session after its first query"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
