#!/usr/bin/env bash
# workerd drops a request header that has no value, before a Worker sees it.
#
# One would guess: `If-Match:` with nothing behind it is a field with an empty value (RFC 9110 §5.5 allows one), so `headers.has`
# says true and `headers.get` gives "", as in Node and in every `new Headers`.
# What happens: `has` says false, `get` gives null, and the field is in no iteration. A field whose value is a comma arrives.
# Who meets it: services that guard a write by `If-Match` or `Idempotency-Key`, and clients that send "" where they have no value:
# the write goes through as if it had not been guarded, and the Worker cannot tell.
# Remedy: the client refuses an empty value before it sends.
# Seen with: workerd 1.20261117.1, Node 24.21.0 beside it. Date: 2026-12-01.
set -euo pipefail
folder=$(mktemp -d); cd "$folder"
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 workerd@1.20261117.1
cat > worker.mjs <<'JS'
export default { fetch: ({ headers }) => Response.json({ has: headers.has("if-match"), get: headers.get("if-match") }) };
JS
cat > config.capnp <<'CAPNP'
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [(name = "worker.mjs", esModule = embed "worker.mjs")], compatibilityDate = "2026-11-01"))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
CAPNP
cat > try.mjs <<'JS'
import { spawn } from "node:child_process";
import { createServer, request } from "node:http";
const ask = (port, value) => new Promise((resolve, reject) => {
  const sent = request({ host: "127.0.0.1", port, headers: { "if-match": value } }, async (answer) => resolve(JSON.parse((await answer.toArray()).join(""))));
  sent.on("error", reject).end();
});
const workerd = spawn("node_modules/.bin/workerd", ["serve", "--control-fd=3", "config.capnp"], { stdio: ["ignore", "inherit", "inherit", "pipe"] });
const port = await new Promise((resolve) => workerd.stdio[3].on("data", (line) => {
  for (const one of String(line).trim().split("\n").map(JSON.parse)) if (one.event === "listen") resolve(one.port);
}));
const node = createServer(({ headers }, answer) => answer.end(JSON.stringify({ has: "if-match" in headers, get: headers["if-match"] }))).listen(0, "127.0.0.1");
await new Promise((resolve) => node.on("listening", resolve));
console.log(JSON.stringify({ workerd: await ask(port, ""), comma: await ask(port, ","), node: await ask(node.address().port, "") }));
workerd.kill();
node.close();
JS
seen=$(node_modules/.bin/node --no-warnings try.mjs | tail -1)
expected='{"workerd":{"has":false,"get":null},"comma":{"has":true,"get":","},"node":{"has":true,"get":""}}'
echo "workerd 1.20261117.1: a request with an If-Match header that has no value"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
