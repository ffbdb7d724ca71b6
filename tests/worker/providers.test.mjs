// Sign-ins as they are: `oidc-provider` and better-auth, both before one Worker.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startProvider } from "../../examples/oidc/provider.mjs";
import { signIn } from "../../examples/oidc/sign-in.mjs";
import { startBetterAuth } from "./support/better-auth.mjs";
import { movedClock } from "./support/clock.mjs";
import { startOddWorker } from "./support/odd-worker.mjs";

const api = "https://guildhall.example";
const application = { client: "songs", redirectUri: "http://127.0.0.1:9/signed-in", api };
const people = { kurt: { password: "Lithium", claims: { email: "kurt@example.com", email_verified: true, name: "Kurt" } } };

describe("Sign-ins before the Worker", () => {
  let [provider, betterAuth, worker] = [];
  let ahead = 0;
  before(async () => {
    [provider, betterAuth] = await Promise.all([startProvider({ people, ...application }), startBetterAuth()]);
    const auth = [
      { type: "oidc", issuer: provider.issuer, audience: api },
      { type: "better-auth", issuer: betterAuth.issuer, users: "ba:" },
    ];
    worker = await startOddWorker({ vars: { AUTH: JSON.stringify(auth) }, bindings: movedClock });
  });
  after(() => Promise.all([provider, betterAuth, worker].map((each) => each?.stop())));

  const kurt = (scope) => signIn(provider.issuer, { ...application, scope, name: "kurt", password: "Lithium" });
  /** After so many seconds. Both issuers give tokens by the real time, which lasts longer than all of them together. */
  const pass = (seconds) => fetch(`${worker.origin}/healthz`, { headers: { "x-ahead": String((ahead += seconds)) } });
  async function me(token) {
    const response = await fetch(`${worker.origin}/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, ...(await response.json()) };
  }

  test("access tokens of oidc-provider are accepted, by each algorithm that it signs with", async () => {
    for (const alg of ["RS256", "ES256", "EdDSA"]) {
      provider.publish(alg, alg);
      provider.sign(alg);
      await pass(31);
      const { access_token: token } = await kurt();
      assert.equal(JSON.parse(Buffer.from(token.split(".")[0], "base64url")).alg, alg);
      const { status, principal } = await me(token);
      assert.deepEqual([status, principal.userId, principal.email, principal.emailVerified, principal.kind], [200, "kurt", "kurt@example.com", true, "user"]);
    }
  });

  test("its ID token is refused, which says who signed in and opens nothing", async () => {
    const { id_token: token } = await kurt();
    const { status, code, detail } = await me(token);
    assert.deepEqual([status, code], [401, "unauthenticated"]);
    assert.match(detail, /wrong audience, expected `https:\/\/guildhall\.example`, found `songs`/);
  });

  test("tokens of better-auth are accepted, and its people are others than the first issuer's", async () => {
    const { id, token } = await betterAuth.token("kurt");
    const { status, principal } = await me(token);
    assert.equal(status, 200);
    assert.deepEqual([principal.userId, principal.email, principal.emailVerified, principal.name], [`ba:${id}`, "kurt@example.com", false, "kurt"]);
  });

  test("a key of better-auth's that signs from the moment of its making is known within 30 s", async () => {
    betterAuth.rotate();
    const { id, token } = await betterAuth.token("krist");
    await pass(31);
    const { status, principal } = await me(token);
    assert.deepEqual([status, principal.userId], [200, `ba:${id}`]);
  });
});
