// `guildhall/upstream` against the test vectors that other languages are written by.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

const { keys, origin, vectors } = JSON.parse(readFileSync(at("tests", "fixtures", "upstream-signatures.json"), "utf8"));

describe("guildhall/upstream", () => {
  let signPrincipal;
  let GuildhallError;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    ({ signPrincipal, GuildhallError } = await project.import("upstream.js"));
  });

  const secret = keys.a;
  const ask = (init) => new Request(`${origin}/v1/me`, init);
  const header = async (request, principal = { userId: "kurt" }, key = {}) =>
    (await signPrincipal(request, principal, { id: "a", secret, origin, ...key })).headers.get("guildhall-principal");

  test("signs each vector to the letter, and leaves the body to be sent", async () => {
    for (const { title, method, url, headers, body, principal, key, timestamp, nonce, header: expected } of vectors) {
      const request = new Request(url, { method, headers, body: body || undefined });
      const signed = await signPrincipal(request, principal, { id: key, secret: keys[key], origin, now: timestamp * 1000 + 999, nonce });
      assert.equal(signed.headers.get("guildhall-principal"), expected, title);
      assert.deepEqual([signed.method, signed.url, await signed.text()], [method, request.url, body], title);
      assert.equal(await request.text(), body, "the request that was handed in is not used up");
    }
  });

  test("signs with the present time and a new nonce", async () => {
    const [one, two] = [await header(ask()), await header(ask())].map((text) => text.split("."));
    assert.ok(Math.abs(Number(one[2]) - Date.now() / 1000) < 60);
    assert.notEqual(one[3], two[3]);
    assert.match(one[3], /^[\w-]{22}$/);
  });

  test("signs what a fragment hides, and not the fragment", async () => {
    const fixed = { now: 1_767_225_600_000, nonce: "nonce-nonce-nonce" };
    const sign = (path) => header(new Request(origin + path), undefined, fixed);
    assert.equal(await sign("/v1/me?a=1#b?c"), await sign("/v1/me?a=1"));
    assert.notEqual(await sign("/v1/me?"), await sign("/v1/me"));
  });

  test("signs the same body whatever it is read from", async () => {
    const fixed = { now: 1_767_225_600_000, nonce: "nonce-nonce-nonce" };
    const post = (body) => ask({ method: "POST", body, duplex: "half" });
    const stream = new Blob(["{}"]).stream();
    assert.equal(await header(post(stream), undefined, fixed), await header(post("{}"), undefined, fixed));
  });

  test("refuses what cannot be signed", async () => {
    for (const [code, param, work] of [
      ["invalid_value", "request", () => header("https://x.example")],
      ["invalid_value", "secret", () => header(ask(), undefined, { secret: "short" })],
      ["invalid_value", "id", () => header(ask(), undefined, { id: "a.b" })],
      ["invalid_value", "origin", () => header(ask(), undefined, { origin: `${origin}/` })],
      ["unknown_field", "keyId", () => header(ask(), undefined, { keyId: "a" })],
      ["invalid_value", "userId", () => header(ask(), {})],
      ["unknown_field", "user_id", () => header(ask(), { userId: "kurt", user_id: "kurt" })],
      ["invalid_value", "guildhall-organization", () => header(ask({ headers: { "guildhall-organization": "\u00fcber" } }))],
    ]) {
      await assert.rejects(work, (error) => {
        assert.deepEqual([error instanceof GuildhallError, error.code, error.param], [true, code, param], error.message);
        assert.ok(!error.message.includes("short"), "a secret is in no message");
        return true;
      });
    }
  });
});
