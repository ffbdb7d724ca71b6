#!/usr/bin/env bash
# `verify` of the JavaScript library `standardwebhooks` finds no header in a `Headers` object.
#
# One would guess: `new Webhook(secret).verify(body, request.headers)` works in a Worker and in any handler of fetch
# requests, where headers are a `Headers` object.
# What happens: `WebhookVerificationError: Missing required headers`, because the library reads the properties of a plain
# object. The `svix` library of the same family behaves the same. The text blames the sender.
# Who meets it: receivers of webhooks on Workers, Deno, Bun, Next.js route handlers.
# Remedy: `verify(body, Object.fromEntries(request.headers))`.
# Seen with: standardwebhooks 1.1.1, svix 2.5.0. Date: 2026-11-30.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund standardwebhooks@1.1.1 svix@2.5.0
cat > try.mjs <<'JS'
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
const body = '{"type":"member.added"}';
const outcomes = [Webhook, SvixWebhook].map((Verifier) => {
  const webhook = new Verifier("whsec_" + Buffer.from("an example secret of 32 bytes ok").toString("base64"));
  const now = new Date();
  const plain = { "webhook-id": "msg_1", "webhook-timestamp": String(Math.floor(now / 1000)), "webhook-signature": webhook.sign("msg_1", now, body) };
  const attempt = (headers) => { try { webhook.verify(body, headers); return "accepted"; } catch (error) { return error.message; } };
  return { plain: attempt(plain), headers: attempt(new Headers(plain)), entries: attempt(Object.fromEntries(new Headers(plain))) };
});
console.log(JSON.stringify(outcomes));
JS
seen=$(node try.mjs | tail -1)
one='{"plain":"accepted","headers":"Missing required headers","entries":"accepted"}'
expected="[$one,$one]"
echo "standardwebhooks 1.1.1 and svix 2.5.0: verify with a plain object, with Headers, with the entries of Headers"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
