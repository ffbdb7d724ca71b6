// What an installation does with the keys of an issuer that rotates, withdraws, lags and fails.
//
// Owns: the checks, which are the same for the Worker and for the directory. Never does: start an installation.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { faults, startIssuer } from "./issuer.mjs";

/** The setting `AUTH` for an issuer. */
export const authOf = (issuer) =>
  JSON.stringify([{ type: "jwt", name: "local", issuer: issuer.origin, jwksUrl: `${issuer.origin}/keys`, audience: "guildhall", users: "local:" }]);

const algorithms = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"];

/**
 * Runs the checks. `start(issuer)` gives `{fetch, skew, stop}`: `fetch(path, init)` answers a request, `skew(seconds)`
 * moves its clock ahead of this machine's.
 */
export function checkIssuers(name, start) {
  describe(name, () => {
    let issuer;
    let place;
    let ahead = 0;
    const now = () => Date.now() + ahead * 1000;
    const pass = async (seconds) => place.skew((ahead += seconds));
    const me = (token, path = "/v1/me") => place.fetch(path, { headers: { authorization: `Bearer ${token}` } });
    const token = (given) => issuer.token({ now: now(), ...given });
    const status = async (given) => (await me(await token(given))).status;

    before(async () => {
      issuer = await startIssuer();
      for (const alg of algorithms) await issuer.addKey(alg, alg);
      place = await start(issuer);
    });
    after(async () => {
      await place?.stop();
      await issuer?.stop();
    });

    test("requests that come at once share one question for the keys", async () => {
      issuer.delay = 300;
      const tokens = await Promise.all(Array.from({ length: 20 }, (_, number) => token({ claims: { sub: `user-${number}` } })));
      const answers = await Promise.all(tokens.map((each) => me(each)));
      assert.deepEqual(answers.map((answer) => answer.status), tokens.map(() => 200));
      assert.equal((await answers[7].json()).principal.userId, "local:user-7");
      assert.equal(issuer.asked, 1);
      issuer.delay = 0;
    });

    for (const alg of algorithms) {
      test(`a token by ${alg} is accepted, and again, without another question`, async () => {
        const asked = issuer.asked;
        const given = await token({ kid: alg });
        assert.deepEqual([(await me(given)).status, (await me(given)).status, issuer.asked], [200, 200, asked]);
        const [head, body, signature] = given.split(".");
        const forged = await me([head, body, signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))].join("."));
        assert.equal(forged.status, 401);
        assert.equal(forged.headers.get("www-authenticate"), 'Bearer error="invalid_token"');
        assert.match((await forged.json()).detail, /signature/);
      });
    }

    test("an anonymous request learns no reason, and a wrong token is never anonymous", async () => {
      const anonymous = await place.fetch("/v1/me", {});
      assert.deepEqual([anonymous.status, anonymous.headers.get("www-authenticate")], [401, "Bearer"]);
      const late = await me(await token({ claims: { exp: Math.floor(now() / 1000) - 60 } }), "/v1/resolve");
      assert.equal(late.status, 401);
      assert.match((await late.json()).detail, /expired \d+ s ago/);
      for (const headers of [{ "guildhall-principal": "x" }, { "guildhall-act-as": "kurt" }, { authorization: "Basic a2s6" }]) {
        assert.equal((await place.fetch("/v1/resolve", { headers })).status, 401, JSON.stringify(headers));
      }
      const two = { authorization: `Bearer ${await token()}`, "guildhall-principal": "x" };
      assert.equal((await (await place.fetch("/v1/resolve", { headers: two })).json()).code, "credentials_conflict");
    });

    test("a flood of unknown keys asks once in 30 s", async () => {
      await issuer.addKey("secret", "ES256", { secret: true });
      await pass(31);
      const asked = issuer.asked;
      for (const round of [1, 2]) {
        const flood = Array.from({ length: 40 }, (_, number) => status({ kid: "secret", header: { kid: `${round}-${number}` } }));
        const known = status({ claims: { sub: `known-${round}` } });
        const found = new Set(await Promise.all(flood));
        assert.ok([...found].every((code) => code === 401 || code === 503), [...found].join());
        assert.equal(await known, 200);
      }
      assert.equal(issuer.asked, asked + 1);
      const waits = await me(await token({ kid: "secret", header: { kid: "late" } }));
      assert.deepEqual([waits.status, (await waits.json()).code], [503, "issuer_unavailable"]);
      assert.ok(Number(waits.headers.get("retry-after")) <= 30);
    });

    test("a key that was published a minute before its first token is known, under a flood and after faults", async () => {
      await issuer.addKey("new", "RS256");
      for (const fault of [undefined, ...Object.values(faults)]) {
        issuer.fault = fault;
        await pass(31);
        assert.equal(await status(), 200);
        await status({ kid: "secret", header: { kid: "flood" } });
      }
      issuer.fault = undefined;
      await pass(31);
      await status({ kid: "secret", header: { kid: "flood" } });
      assert.equal(await status({ kid: "new" }), 200);
    });

    for (const [what, fault] of Object.entries(faults)) {
      test(`known keys hold while the address answers with ${what}, and readiness says so`, async () => {
        issuer.fault = fault;
        await pass(issuer.maxAge);
        assert.equal(await status({ claims: { sub: what } }), 200);
        const ready = await (await place.fetch("/readyz", {})).json();
        if (place.tellsFaults) assert.deepEqual(ready, { status: "ready", warnings: [{ code: "issuer_unavailable", issuer: "local" }] });
        issuer.fault = undefined;
        await pass(31);
        assert.equal(await status({ claims: { sub: `${what} again` } }), 200);
        assert.deepEqual(await (await place.fetch("/readyz", {})).json(), { status: "ready" });
      });
    }

    test("an address that takes longer than 5 s stops no request whose key is known", async () => {
      issuer.delay = 5_500;
      await pass(issuer.maxAge);
      assert.equal(await status({ claims: { sub: "slow" } }), 200);
      issuer.delay = 0;
    });

    test("a request that goes away while it asks for the keys holds up no other one", async () => {
      issuer.delay = 2_000;
      await pass(issuer.maxAge);
      const leaving = new AbortController();
      const headers = { authorization: `Bearer ${await token({ claims: { sub: "gone" } })}` };
      const gone = place.fetch("/v1/me", { headers, signal: leaving.signal }).catch(() => {});
      await pause(300);
      leaving.abort();
      issuer.delay = 0;
      await pass(7);
      assert.equal(await status({ claims: { sub: "stays" } }), 200);
      await gone;
    });

    for (const flood of [0, 3]) {
      test(`a key that is published 60 s before its first token replaces another without a refusal${flood ? ", under a flood" : ""}`, async () => {
        const [former, next] = [`former-${flood}`, `next-${flood}`];
        await issuer.addKey(former, "ES256");
        await issuer.addKey(next, "ES256", { secret: true });
        await pass(31);
        const asked = issuer.asked;
        const [published, signs, withdrawn, end] = [40, 100, 160, 220];
        for (let second = 0; second <= end; second += 4) {
          if (second === published) issuer.publish(next);
          if (second === withdrawn) issuer.withdraw(former);
          issuer.fault = second >= 48 && second < 70 ? faults["status 500"] : undefined;
          const kid = second < signs ? former : next;
          const unknown = Array.from({ length: flood }, (_, number) => status({ kid: "secret", header: { kid: `${second}-${number}` } }));
          const right = await Promise.all(["kurt", `new-${second}`].map((sub) => status({ kid, claims: { sub } })));
          assert.deepEqual(right, [200, 200], `after ${second} s`);
          for (const code of await Promise.all(unknown)) assert.ok(code === 401 || code === 503, String(code));
          await pass(4);
        }
        assert.ok(issuer.asked - asked <= 1 + (end + 4) / 30, `${issuer.asked - asked} questions`);
      });
    }

    test("a withdrawn key is refused after the next answer, with the tokens that it signed", async () => {
      await pass(31);
      const given = await token({ kid: "ES256" });
      assert.equal((await me(given)).status, 200);
      issuer.withdraw("ES256");
      await pass(issuer.maxAge);
      for (const answer of [await me(given), await me(given)]) assert.equal(answer.status, 401);
      assert.equal(await status({ kid: "RS256" }), 200);
    });
  });
}
