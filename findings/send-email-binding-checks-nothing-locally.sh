#!/usr/bin/env bash
# The local `send_email` binding accepts a message without a subject, without a body, to 60 recipients.
#
# One would guess: the local simulation refuses what the service refuses (the documentation names 50 recipients as the
# most, and requires a subject and a body), as the local KV refuses a short `expirationTtl`.
# What happens: `send` answers a message id for an empty message. A test on the local runtime proves nothing about it.
# Who meets it: programs that send mail with the binding and test on wrangler's local mode.
# Remedy: check subject, body and number of recipients before calling `send`.
# Seen with: miniflare 5.20261117.0-beta, workerd 1.20261117.1. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 miniflare@5.20261117.0-beta workerd@1.20261117.1
cat > try.mjs <<'JS'
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
const script = `export default { async fetch(request, env) {
  const outcome = (message) => env.EMAIL.send({ from: "sender@example.com", ...message }).then((answer) => Object.keys(answer).join(), (error) => error.message);
  const many = Array.from({ length: 60 }, (_, index) => "member" + index + "@example.com");
  return Response.json({ noSubjectNoBody: await outcome({ to: "ada@example.com" }), sixtyRecipients: await outcome({ to: many, subject: "Hello", text: "Hello" }) });
} }`;
const miniflare = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-10-01", email: { send_email: [{ name: "EMAIL" }] }, host: "127.0.0.1" }));
console.log(await (await miniflare.dispatchFetch("http://localhost/")).text());
await miniflare.dispose();
JS
seen=$(node_modules/.bin/node try.mjs | tail -1)
expected='{"noSubjectNoBody":"messageId","sixtyRecipients":"messageId"}'
echo "workerd 1.20261117.1: send_email without subject and body, and to 60 recipients"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
