#!/usr/bin/env bash
# After a rotation, better-auth's JWT plugin signs with a key that no verifier can have seen: its tokens are refused for 30 s.
#
# One would guess: with `jwks.rotationInterval` the next key is in the set for some time before it signs, since verifiers keep
# the set and ask again only now and then; `jwks.gracePeriod` keeps the former key for just that reason.
# What happens: the key is made by the first token after the interval, which it signs at once. A verifier by jose's
# `createRemoteJWKSet`, which asks again for an unknown key at most every 30 s, refuses that valid token with
# ERR_JWKS_NO_MATCHING_KEY if it has asked within these 30 s, and takes it afterwards.
# Who meets it: services that verify these tokens by a key set; people are signed out when the key is changed.
# Remedy: a verifier that answers "not now" (503, Retry-After) in place of "not valid" while it may not ask again.
# Seen with: better-auth 1.7.25, jose 6.2.18, on the SQLite of Node 24.21.0. Date: 2026-12-01.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 better-auth@1.7.25 jose@6.2.18
cat > try.mjs <<'JS'
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
let answer;
const server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
await new Promise((listening) => server.once("listening", listening));
const baseURL = `http://127.0.0.1:${server.address().port}`;
const options = { baseURL, secret: "an example secret of 32 bytes ok", database: new DatabaseSync(":memory:"), emailAndPassword: { enabled: true },
  telemetry: { enabled: false }, logger: { level: "error" }, plugins: [jwt({ jwks: { rotationInterval: 3 } })] };
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
answer = toNodeHandler(auth);
const body = { email: "ada@example.com", password: "an example password", name: "Ada" };
const signedUp = await auth.api.signUpEmail({ body, returnHeaders: true });
const headers = new Headers({ cookie: signedUp.headers.get("set-cookie").split(";")[0] });
const token = async () => (await auth.api.getToken({ headers })).token;
const published = async () => (await (await fetch(`${baseURL}/api/auth/jwks`)).json()).keys.length;
const keys = createRemoteJWKSet(new URL(`${baseURL}/api/auth/jwks`));
const verified = (text) => jwtVerify(text, keys).then(() => "verified", ({ code }) => code);
const first = await token();
const before = await verified(first);
await pause(4_000);
const publishedBefore = await published();
const second = await token();
const isNew = decodeProtectedHeader(first).kid !== decodeProtectedHeader(second).kid;
const [atOnce, publishedAfter] = [await verified(second), await published()];
await pause(30_000);
console.log(JSON.stringify({ before, publishedBefore, isNew, atOnce, publishedAfter, after30s: await verified(second) }));
process.exit();
JS
seen=$(node_modules/.bin/node --no-warnings try.mjs | tail -1)
expected='{"before":"verified","publishedBefore":1,"isNew":true,"atOnce":"ERR_JWKS_NO_MATCHING_KEY","publishedAfter":2,"after30s":"verified"}'
echo "better-auth 1.7.25: a token after the key was changed, to a verifier by jose 6.2.18"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
