#!/usr/bin/env bash
# jose finds no key for a token by Ed25519, although the set holds the very key, exported by the same runtime's WebCrypto.
#
# One would guess: `SignJWT` with `alg: "EdDSA"` (RFC 8037, the name that nearly every issuer uses) and a set of keys made by
# `crypto.subtle.exportKey("jwk", …)` belong together: there is one key, it has the token's `kid`, and its curve is Ed25519.
# What happens: ERR_JWKS_NO_MATCHING_KEY. Node 24 exports the key with `alg: "Ed25519"` (RFC 9864), and jose compares the two
# names as texts. With `alg: "Ed25519"` in the token, or without `alg` in the key, the same key is found.
# Who meets it: issuers that publish what WebCrypto exports; their tokens are valid for some verifiers and not for others.
# Remedy: publish keys of Ed25519 without `alg`; as a verifier, take both names for one algorithm.
# Seen with: jose 6.2.18, Node 24.21.0. Date: 2026-12-01.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund node@24.21.0 jose@6.2.18
cat > try.mjs <<'JS'
import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
const { privateKey, publicKey } = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
const exported = { ...(await crypto.subtle.exportKey("jwk", publicKey)), kid: "1" };
const { alg: _, ...nameless } = exported;
async function seen(alg, key) {
  const token = await new SignJWT({ sub: "ada" }).setProtectedHeader({ alg, kid: "1" }).sign(privateKey);
  return jwtVerify(token, createLocalJWKSet({ keys: [key] })).then(({ payload }) => payload.sub, ({ code }) => code);
}
console.log(JSON.stringify({ exportedAlg: exported.alg, EdDSA: await seen("EdDSA", exported), Ed25519: await seen("Ed25519", exported), "EdDSA, key without alg": await seen("EdDSA", nameless) }));
JS
seen=$(node_modules/.bin/node --no-warnings try.mjs | tail -1)
expected='{"exportedAlg":"Ed25519","EdDSA":"ERR_JWKS_NO_MATCHING_KEY","Ed25519":"ada","EdDSA, key without alg":"ada"}'
echo "jose 6.2.18: a token of one Ed25519 key, by the token's \`alg\`"
echo "seen:     $seen"
echo "expected: $expected"
[ "$seen" = "$expected" ]
