// Foreign tokens, built from `tests/fixtures/foreign-tokens`, and what an installation answers to them.
//
// Owns: what a row of the tables means; `tests/native/support/foreign.rs` reads them in the same way.
// Never does: start an installation.

import assert from "node:assert/strict";
import { constants, createHmac, createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

const table = (name) => JSON.parse(readFileSync(new URL(`../fixtures/foreign-tokens/${name}.json`, import.meta.url), "utf8"));
const { keys } = table("keys");
const { auth, tokens, right } = table("issuers");
const { tokens: wrong } = table("wrong");

/** The instant of all tokens, in seconds. */
const now = 1_800_000_000;
/** The same in milliseconds. */
export const instant = now * 1000;

/** A value with the members of a key in place of `$key`. */
function keyed(value) {
  if (Array.isArray(value)) return value.map(keyed);
  if (typeof value !== "object" || value === null) return value;
  return Object.assign({}, ...Object.entries(value).map(([name, inner]) => (name === "$key" ? keys[inner].jwk : { [name]: keyed(inner) })));
}

/** The settings with every type of issuer, over several variables as a Worker's must be. */
export function settings() {
  const [all, size] = [keyed(auth), 4];
  const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size));
  return Object.fromEntries(parts.map((part, place) => [place === 0 ? "AUTH" : `AUTH_${place + 1}`, JSON.stringify(part)]));
}

/** A text with times and padding in place of `${now+60}` and `${pad:9}`. */
const filled = (text) =>
  text.replace(/\$\{now([+-]\d+)?\}/g, (_, offset = "0") => String(now + Number(offset))).replace(/\$\{pad:(\d+)\}/g, (_, length) => "x".repeat(Number(length)));

/** An object as text, of which later members stand above earlier ones; null takes one away. */
function objectText(layers, extra) {
  const members = new Map();
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer ?? {}))) {
    if (value === null) members.delete(name);
    else members.set(name, value);
  }
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${raw(value)}`).join()}${extra}}`;
}

function raw(value) {
  if (typeof value === "string" && value.startsWith("raw:")) return value.slice(4);
  if (Array.isArray(value)) return `[${value.map(raw).join()}]`;
  return typeof value === "object" && value !== null ? objectText([keyed(value)], "") : JSON.stringify(value);
}

const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

const hashes = { RS256: "sha256", RS384: "sha384", RS512: "sha512", PS256: "sha256", ES256: "sha256", ES384: "sha384" };

function signature(how, message) {
  const [name, key] = how.split(":");
  if (key === undefined) return Buffer.alloc(0);
  if (name.startsWith("HS")) {
    const secrets = { pem: keys.rsa.pem, n: keys.rsa.jwk.n, jwk: JSON.stringify(keys.rsa.jwk) };
    return createHmac(name.replace("HS", "sha"), secrets[key] ?? "").update(message).digest();
  }
  const [algorithm, form] = name.split("-");
  const pss = algorithm === "PS256" ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  const pkcs8 = createPrivateKey({ key: Buffer.from(keys[key].pkcs8, "base64"), format: "der", type: "pkcs8" });
  return sign(hashes[algorithm] ?? null, Buffer.from(message), { key: pkcs8, dsaEncoding: form === "der" ? "der" : "ieee-p1363", ...pss });
}

/** A signature that is changed after it was made. */
const changes = {
  first: (bytes) => Buffer.concat([Buffer.from([bytes[0] ^ 0x80]), bytes.subarray(1)]),
  last: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1) ^ 1])]),
  cut: (bytes) => bytes.subarray(0, -1),
  longer: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]),
  zeros: (bytes) => Buffer.alloc(bytes.length),
  front: (bytes) => Buffer.concat([Buffer.alloc(1), bytes]),
  swap: (bytes) => Buffer.concat([bytes.subarray(bytes.length / 2), bytes.subarray(0, bytes.length / 2)]),
};

/** The token of a row. */
function token(row) {
  const base = tokens[row.base];
  const part = (name, over) => {
    if (`${name}Part` in row) return row[`${name}Part`];
    const text = row[`${name}Text`] ?? filled(objectText([base[name], row[name], over], row[`${name}Extra`] ?? ""));
    return base64url(text);
  };
  const [header, claims] = [part("header"), part("claims")];
  const made = () => signature(row.sign ?? base.sign, `${header}.${claims}`);
  const signed = row.signaturePart ?? base64url((changes[row.after] ?? ((bytes) => bytes))(made()));
  const shown = row.tamper ? part("claims", row.tamper) : claims;
  const parts = { "{h}": header, "{p}": shown, "{s}": signed };
  return (row.token ?? "{h}.{p}.{s}").replace(/\{[hps]\}/g, (place) => parts[place]);
}

/** The header of a request in which the token of a row comes. */
function credential(row, text = token(row)) {
  const { via } = tokens[row.base];
  return via ? { [via]: text } : { authorization: `Bearer ${text}` };
}

/** Calls `work` on each row, a few at a time, and gives what it gave. */
async function each(rows, work) {
  const found = [];
  for (let place = 0; place < rows.length; place += 16) found.push(...(await Promise.all(rows.slice(place, place + 16).map(work))));
  return found;
}

/** A principal as the table shows it: what is false, absent or the ordinary kind is left out. */
const shown = (principal) => Object.fromEntries(Object.entries(principal).filter(([, value]) => ![null, false, "user"].includes(value)));

/** Runs the checks. `start()` gives `{origin, fetch, stop}` of an installation with these settings whose clock stands at `instant`. */
export function checkForeignTokens(name, start) {
  describe(name, () => {
    let place;
    before(async () => { place = await start(); });
    after(() => place?.stop());
    const me = async (row) => {
      const answer = await place.fetch("/v1/me", { headers: credential(row) });
      return { status: answer.status, challenge: answer.headers.get("www-authenticate"), ...(await answer.json()) };
    };

    test("a token in the shape of each provider is accepted", async () => {
      await each(right, async (row) => {
        const { status, principal, detail } = await me(row);
        assert.equal(status, 200, `${row.name}: ${detail}`);
        const { signedIn: _, ...expected } = JSON.parse(filled(JSON.stringify(row.principal)));
        assert.deepEqual(shown(principal), expected, row.name);
      });
    });

    test(`each of ${wrong.length} wrong tokens is refused for its reason`, async () => {
      assert.ok(wrong.length >= 300);
      const found = await each(wrong, me);
      const said = found.map(({ status, code, challenge, detail }) => ({ status, code, challenge, detail }));
      const expected = wrong.map(({ detail }) => ({ status: 401, code: "unauthenticated", challenge: 'Bearer error="invalid_token"', detail }));
      const odd = wrong.flatMap((row, at) => (JSON.stringify(said[at]) === JSON.stringify(expected[at]) ? [] : [{ name: row.name, found: said[at], expected: expected[at] }]));
      assert.deepEqual(odd, []);
    });

    test("what Cloudflare Access vouches for is sent by the browser itself, so that a write must come from a page of ours", async () => {
      const [ofAccess, explicit] = ["Access, person", "any issuer"].map((name) => credential(right.find((row) => row.name === name)));
      const found = async (headers) => {
        const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify({ name: "Nirvana" }) };
        const answer = await place.fetch("/v1/organizations", init);
        return [answer.status, (await answer.json()).code];
      };
      const elsewhere = { origin: "https://evil.example" };
      for (const from of [{}, elsewhere, { origin: "null" }]) assert.deepEqual(await found({ ...ofAccess, ...from }), [403, "origin_mismatch"], JSON.stringify(from));
      assert.equal((await found({ ...ofAccess, origin: place.origin }))[0], 201);
      assert.equal((await found({ ...ofAccess, ...explicit, ...elsewhere }))[0], 201, "what is said outright wins");
      const read = await place.fetch("/v1/me", { headers: { ...ofAccess, ...elsewhere } });
      assert.deepEqual([read.status, (await read.json()).principal.userId], [200, "access:7335d417-61da-459d-899c-0a01c76a2f94"]);
      const asBearer = await place.fetch("/v1/me", { headers: { authorization: `Bearer ${ofAccess["cf-access-jwt-assertion"]}` } });
      assert.deepEqual([asBearer.status, (await asBearer.json()).code], [401, "unauthenticated"]);
      const both = await place.fetch("/v1/me", { headers: { ...ofAccess, authorization: "Bearer x.y.z" } });
      assert.equal(both.status, 401, "a wrong token is not passed over for the header");
    });

    test("wrong tokens are refused where an anonymous request is answered, too", async () => {
      await each(wrong, async (row) => {
        const answer = await place.fetch("/v1/resolve", { headers: credential(row) });
        assert.equal(answer.status, 401, row.name);
        await answer.arrayBuffer();
      });
    });
  });
}
