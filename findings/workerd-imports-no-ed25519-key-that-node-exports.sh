#!/usr/bin/env bash
# workerd's WebCrypto refuses the Ed25519 JWK that Node's WebCrypto exports, and exports the same key under another name.
#
# One would guess: a JWK of one WebCrypto is a JWK of every other one: RFC 9864 and the WICG's "Secure Curves" name the
# algorithm `Ed25519`, RFC 8037 named it `EdDSA`, and `alg` is optional.
# What happens: `importKey("jwk", …)` of workerd fails with a DataError for `alg: "Ed25519"`, which Node 24 writes; without
# `alg`, and with `alg: "EdDSA"`, it takes the key. What it exports says `EdDSA`.
# Who meets it: Workers that verify tokens of an issuer on Node, or import keys that were made by `wrangler`'s own Node.
# Remedy: take `alg` (and `use`, `key_ops`) out of a JWK before importing it, having looked at them oneself.
# Seen with: miniflare 5.20261117.0-beta, workerd 1.20261117.1, Node 24.21.0. Date: 2026-12-01.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 miniflare@5.20261117.0-beta workerd@1.20261117.1
cat > try.mjs <<'JS'
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
const script = `export default { async fetch(request) {
  const { alg, ...nameless } = await request.json();
  const imported = (jwk) => crypto.subtle.importKey("jwk", jwk, "Ed25519", true, ["verify"]);
  const seen = (jwk) => imported(jwk).then(() => "imported", ({ name }) => name);
  const exported = await crypto.subtle.exportKey("jwk", await imported(nameless));
  return Response.json({ [alg]: await seen({ ...nameless, alg }), none: await seen(nameless), EdDSA: await seen({ ...nameless, alg: "EdDSA" }), exports: exported.alg });
} }`;
const { publicKey } = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
const body = JSON.stringify(await crypto.subtle.exportKey("jwk", publicKey));
const miniflare = new Miniflare(convertV4MiniflareOptions({ modules: true, script, compatibilityDate: "2026-10-01", host: "127.0.0.1" }));
console.log(await (await miniflare.dispatchFetch("http://localhost/", { method: "POST", body })).text());
await miniflare.dispose();
JS
seen=$(node_modules/.bin/node --no-warnings try.mjs | tail -1)
expected='{"Ed25519":"DataError","none":"imported","EdDSA":"imported","exports":"EdDSA"}'
echo "workerd 1.20261117.1: a public key that Node 24.21.0 exports, by its \`alg\`"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
