// Passes in the packed package: what the system signs is believed offline, and nothing else is.
//
// Owns: a small crowd with roles and teams. Never does: know what a role allows: `check` is asked.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { CompactSign, createLocalJWKSet, jwtVerify } from "jose";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

const application = ["invoice:read", "invoice:pay", "invoice:void", "report:read", "report:share"];
const roles = { reader: ["invoice:read"], payer: ["invoice:*"], lead: ["report:*", "member:read"] };
const people = { kurt: null, krist: ["admin"], dave: ["member", "reader"], pat: ["payer", "lead"], chad: ["member"] };
const corpus = JSON.parse(readFileSync(at("tests", "fixtures", "malicious-tokens.json"), "utf8"));

/** A system with an organization of all of `people`, and two teams. */
async function crowd(Directory) {
  const directory = new Directory({ settings: { PERMISSIONS: application.join(" ") } });
  const tokens = {};
  const send = async (who, line, body) => {
    const [method, path] = line.split(" ");
    const headers = { "content-type": "application/json", ...(who && { authorization: `Bearer ${tokens[who]}` }) };
    const response = await directory.fetch(path, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(response.ok, `${line}: ${response.status}`);
    return response.json();
  };
  for (const userId of Object.keys(people)) ({ token: tokens[userId] } = await send(null, "POST /dev/session", { userId }));
  const nirvana = await send("kurt", "POST /v1/organizations", { name: "Nirvana" });
  for (const [key, permissions] of Object.entries(roles)) await send("kurt", "POST /v1/organizations/nirvana/roles", { key, name: key, permissions });
  for (const [userId, held] of Object.entries(people)) if (held) await send("kurt", "POST /v1/organizations/nirvana/members", { userId, roles: held });
  const road = await send("kurt", "POST /v1/organizations/nirvana/teams", { name: "Road" });
  const stage = await send("kurt", "POST /v1/organizations/nirvana/teams", { name: "Stage", parentId: road.id });
  await send("kurt", `PUT /v1/organizations/nirvana/teams/${road.id}/members/dave`, { roles: ["payer"] });
  return { send, id: nirvana.id, teams: [road.id, stage.id], jwks: await send(null, "GET /.well-known/jwks.json") };
}

describe("passes", () => {
  let api;
  let world;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("node.js");
    world = await crowd((await project.import("directory/node.js")).Directory);
  });

  const refused = (promise, code) => assert.rejects(promise, (error) => error instanceof api.GuildhallError && error.code === code && error.message.length > 0 && (assert.ok(error.title), true));
  const throws = (call, code) => assert.throws(call, (error) => error instanceof api.GuildhallError && error.code === code);
  const passOf = async (who) => (await world.send(who, "POST /v1/organizations/nirvana/passes", {})).token;
  const passportOf = async (who) => (await world.send(who, "POST /v1/me/passport", {})).token;

  test("answer as the installation does, for everybody and everything", async () => {
    const { jwks } = world;
    for (const who of Object.keys(people)) {
      const pass = await api.verifyPass(await passOf(who), { jwks });
      const passport = await api.verifyPassport(await passportOf(who), { jwks });
      const permissions = (await world.send("kurt", "GET /v1/resolve")).permissions;
      assert.ok(permissions.length > 30 && application.every((each) => permissions.includes(each)));
      const { decisions } = await world.send(who, "POST /v1/organizations/nirvana/check", { permissions });
      for (const { permission, allowed, grantedBy, missing } of decisions) {
        assert.equal(pass.can(permission), allowed, `${who} ${permission}`);
        assert.deepEqual([passport.can("nirvana", permission), passport.can(world.id, permission)], [allowed, allowed]);
        for (const why of [pass.explain(permission), passport.explain("nirvana", permission)]) {
          assert.deepEqual([why.allowed, why.grantedBy, why.missing], [allowed, grantedBy, missing], `${who} ${permission}`);
        }
      }
      const allowed = decisions.filter((decision) => decision.allowed).map(({ permission }) => permission);
      assert.deepEqual(pass.permissions().sort(), allowed.sort());
      const batch = passport.checks(permissions.map((permission) => ["nirvana", permission]));
      assert.deepEqual([...batch.run()], permissions.map((permission) => Number(pass.can(permission))));
    }
  });

  test("speak of teams as the installation does, and of no others", async () => {
    const pass = await api.verifyPass(await passOf("dave"), { jwks: world.jwks });
    assert.deepEqual([...pass.teams].sort(), [...world.teams].sort());
    for (const team of world.teams) {
      const { decisions } = await world.send("dave", "POST /v1/organizations/nirvana/check", { permissions: application, team });
      for (const { permission, allowed } of decisions) assert.equal(pass.can(permission, team), allowed, permission);
    }
    assert.deepEqual([pass.can("invoice:pay"), pass.can("invoice:pay", world.teams[1])], [false, true]);
    throws(() => pass.can("invoice:pay", "team_0"), "team_not_in_pass");
    throws(() => pass.explain("invoice:pay", world.id.replace("org_", "team_")), "team_not_in_pass");
    const membership = (await api.verifyPassport(await passportOf("dave"), { jwks: world.jwks })).pass("nirvana");
    for (const call of ["can", "explain"]) throws(() => membership[call]("invoice:pay", world.teams[0]), "team_not_in_pass");
  });

  test("say who, where and until when", async () => {
    const pass = await api.verifyPass(await passOf("krist"), { jwks: world.jwks });
    assert.deepEqual([pass.userId, pass.organization, [...pass.roles]], ["krist", { id: world.id, slug: "nirvana", name: "Nirvana" }, ["admin"]]);
    assert.deepEqual([pass.isMember, pass.isAdmin, pass.isOwner], [true, true, false]);
    assert.ok(pass.expiresAt > pass.issuedAt && pass.expiresAt - pass.issuedAt <= 300_000 && pass.version >= pass.epoch);
    assert.deepEqual([pass.canAll(["member:read", "member:add"]), pass.canAny(["organization:delete", "member:add"])], [true, true]);
    assert.deepEqual([pass.canAll(["member:read", "organization:delete"]), pass.canAny(["organization:delete"])], [false, false]);
    for (const call of ["can", "explain"]) {
      throws(() => pass[call]("invoice:burn"), "unknown_permission");
      assert.throws(() => pass[call]("invoice:burn"), { param: "permission" });
    }
    for (const call of ["canAll", "canAny"]) throws(() => pass[call](["member:read", "invoice:burn"]), "unknown_permission");
    for (const call of ["canAll", "canAny"]) throws(() => pass[call](new Array(2)), "unknown_permission");
    assert.throws(() => { pass.isOwner = true; }, TypeError);
    const passport = await api.verifyPassport(await passportOf("krist"), { jwks: world.jwks });
    assert.deepEqual([passport.organizations.length, passport.can("elsewhere", "member:read"), passport.pass("elsewhere")], [1, false, undefined]);
    assert.equal(passport.explain("elsewhere", "member:read").code, "not_in_passport");
    throws(() => passport.can("elsewhere", "invoice:burn"), "unknown_permission");
    for (const odd of ["\ud800", "x".repeat(200_000), "", "__proto__"]) {
      for (const call of [() => passport.can("nirvana", odd), () => passport.explain("nirvana", odd), () => passport.pass("nirvana").explain(odd), () => passport.explain("elsewhere", odd)]) throws(call, "unknown_permission");
    }
    assert.equal(passport.pass("nirvana").can("member:add"), true);
  });

  test("hold for one audience, one time and one freshness", async () => {
    const { jwks } = world;
    const token = await passOf("krist");
    const pass = await api.verifyPass(token, { jwks });
    await refused(api.verifyPass(token, { jwks, audience: "https://other.example" }), "pass_wrong_audience");
    const said = (token, more) => api.verifyPass(token, { jwks, ...more }).then(() => undefined, ({ message, param }) => [message, param]);
    const { token: songs, audience } = await world.send("krist", "POST /v1/organizations/nirvana/passes", { audience: "songs" });
    assert.equal((await api.verifyPass(songs, { jwks, audience })).audience, "songs");
    assert.deepEqual(await said(songs, { audience: "films" }), ["the pass is for `songs`, and must be for `films`", "audience"]);
    assert.deepEqual(await said(songs, { audience: "" }), ["the pass is for `songs`, and must be for ``", "audience"]);
    assert.deepEqual(await said(songs, { audience: "ö".repeat(200) }), [`the pass is for \`songs\`, and must be for \`${"ö".repeat(100)}\``, "audience"]);
    assert.match((await said(songs, {}))[0], /^the pass is for `songs`, and must be for `http:\/\/localhost`, which signed it: `audience` names another reader$/);
    assert.deepEqual(await said(token, { issuer: "https://other.example" }), ["the pass is from `http://localhost`, and must be from `https://other.example`", "issuer"]);
    const film = (await world.send("krist", "POST /v1/organizations/nirvana/passes", { audience: 'fil"m\\ ü' })).token;
    assert.deepEqual(await said(film, { audience: "films" }), ['the pass is for `fil"m\\ ü`, and must be for `films`', "audience"]);
    await assert.rejects(api.verifyPassport(await passportOf("krist"), { jwks, audience: "films" }), { code: "pass_wrong_audience", message: "the pass is for `http://localhost`, and must be for `films`" });
    await refused(api.verifyPass(token, { jwks, issuer: "https://other.example" }), "pass_wrong_issuer");
    await refused(api.verifyPass(token, { jwks, now: pass.expiresAt }), "pass_expired");
    await refused(api.verifyPass(token, { jwks, now: new Date(pass.issuedAt - 61_000), leeway: 60 }), "pass_not_yet_valid");
    await refused(api.verifyPass(token, { jwks, minVersion: pass.version + 1 }), "pass_stale");
    await refused(api.verifyPass(token, { jwks, minEpoch: pass.epoch + 1 }), "pass_stale");
    await refused(api.verifyPassport(token, { jwks }), "pass_invalid");
    await refused(api.verifyPass(await passportOf("krist"), { jwks }), "pass_invalid");
    for (const name of ["audience", "issuer", "minVersion", "minEpoch"]) await refused(api.verifyPass(token, { jwks, [name]: undefined }), "invalid_value");
    for (const wrong of [{ minVersion: NaN }, { minVersion: Infinity }, { minEpoch: "3" }, { minEpoch: -1 }, { issuer: Symbol("x") }, { audience: NaN }, { leeway: 0.5 }]) {
      await refused(api.verifyPass(token, { jwks, ...wrong }), "invalid_value");
    }
    await refused(api.verifyPassport(await passportOf("krist"), { jwks, minVersion: 1 }), "invalid_value");
    for (const broken of [undefined, null, {}, { jwks: null }, { jwks: {} }, { jwks: "http://keys.example" }, { jwks: "nowhere" }]) await refused(api.verifyPass(token, broken), "invalid_value");
    for (const text of [undefined, null, 5, {}]) await assert.rejects(api.verifyPass(text, { jwks }), api.GuildhallError);
  });

  test("are believed as is asked, and not as was misspelt or cannot be", async () => {
    const { jwks } = world;
    const token = await passOf("krist");
    const about = (promise, code, param) => assert.rejects(promise, { name: "GuildhallError", code, param });
    for (const name of ["minversion", "aud", "max_age"]) await about(api.verifyPass(token, { jwks, [name]: 100 }), "unknown_field", name);
    await about(api.verifyPassport(token, { jwks, audiences: "x" }), "unknown_field", "audiences");
    const odd = { fetch: [null, 3, {}], signal: [3, {}], now: [null, Symbol("now"), "2026-01-01", NaN, new Date(NaN), {}], jwks: [Promise.resolve(jwks)] };
    for (const [param, values] of Object.entries(odd)) for (const value of values) await about(api.verifyPass(token, { jwks, [param]: value }), "invalid_value", param);
    await assert.rejects(api.verifyPass(token, { jwks: Promise.resolve(jwks) }), /await/);
    await refused(api.verifyPass(token, Object.create({ jwks, audience: "https://other.example" })), "pass_wrong_audience");
    assert.equal((await api.verifyPass(token, { jwks, fetch: undefined, signal: undefined, now: undefined })).userId, "krist");
  });

  test("fetch their keys through a fetcher, which is called as a method, and keep them for it", async () => {
    class Binding {
      asked = 0;
      async fetch() { this.asked += 1; return Response.json(world.jwks); }
    }
    const binding = new Binding();
    for (let time = 0; time < 2; time += 1) assert.equal((await api.verifyPass(await passOf("pat"), { jwks: "https://x.example/jwks", fetch: binding })).userId, "pat");
    assert.equal(binding.asked, 1);
  });

  test("refuse with an error of their own what is no question", async () => {
    const { jwks } = world;
    const [pass, passport] = [await api.verifyPass(await passOf("krist"), { jwks }), await api.verifyPassport(await passportOf("krist"), { jwks })];
    const odd = [Object.create(null), Symbol("x"), null, undefined, 3n, ["member:read"]];
    for (const each of odd) for (const call of [() => pass.can(each), () => pass.canAll([each]), () => passport.can("nirvana", each)]) throws(call, "unknown_permission");
    for (const each of odd.filter((value) => value !== undefined)) throws(() => pass.can("member:read", each), "team_not_in_pass");
    for (const call of ["canAll", "canAny"]) for (const list of ["member:read", undefined, null, 3, {}]) throws(() => pass[call](list), "invalid_value");
    throws(() => pass.canAll(["member:read", , "member:add"]), "unknown_permission");
    assert.deepEqual([pass.canAll(new Set(["member:read", "member:add"])), pass.canAny(new Set(["organization:delete"]).values())], [true, false]);
    for (const pairs of [undefined, null, "ab", 3, [null], ["ab"], [undefined], [{}]]) throws(() => passport.checks(pairs), "invalid_value");
    const checks = passport.checks(new Map([["nirvana", "member:read"], ["elsewhere", "member:read"]]));
    for (const into of [new Uint8Array(1), [0, 0], null, 3, new Float64Array(2), new DataView(new ArrayBuffer(2))]) throws(() => checks.run(into), "invalid_value");
    assert.deepEqual([...checks.run(Buffer.alloc(3))], [1, 0, 0]);
  });

  test("allow nothing once they have run out, and throw only where that is asked for", async (t) => {
    const { jwks } = world;
    const [pass, passport] = [await api.verifyPass(await passOf("krist"), { jwks }), await api.verifyPassport(await passportOf("krist"), { jwks })];
    const checks = passport.checks([["nirvana", "member:read"]]);
    assert.equal(pass.can("member:read"), true);
    t.mock.timers.enable({ apis: ["Date"], now: Math.max(pass.expiresAt, passport.expiresAt) });
    assert.deepEqual([pass.can("member:read"), pass.expired, passport.expired], [true, false, false], "until the next `await` the clock stands still");
    await null;
    const [member] = [passport.pass("nirvana")];
    for (const one of [pass, member]) {
      assert.deepEqual([one.expired, one.can("member:read"), one.canAny(["member:read"]), one.canAll(["member:read"]), one.canAll([])], [true, false, false, false, false]);
      assert.deepEqual([one.permissions(), one.explain("member:read")], [[], { permission: "member:read", allowed: false, code: "pass_expired", missing: "member:read" }]);
      throws(() => one.canOrThrow("member:read"), "pass_expired");
      throws(() => one.can("invoice:reed"), "unknown_permission");
    }
    assert.deepEqual([passport.expired, passport.can("nirvana", "member:read"), passport.can("elsewhere", "member:read"), [...checks.run()]], [true, false, false, [0]]);
    for (const where of ["nirvana", "elsewhere"]) assert.equal(passport.explain(where, "member:read").code, "pass_expired");
    for (const where of ["nirvana", "elsewhere"]) throws(() => passport.canOrThrow(where, "member:read"), "pass_expired");
    assert.deepEqual([...passport.checks([["nirvana", "member:read"]]).run()], [0]);
    throws(() => passport.can("nirvana", "invoice:reed"), "unknown_permission");
  });

  test("answer the same with `canOrThrow` while they hold", async () => {
    const { jwks } = world;
    const [pass, passport] = [await api.verifyPass(await passOf("pat"), { jwks }), await api.verifyPassport(await passportOf("pat"), { jwks })];
    for (const permission of ["member:read", "organization:delete"]) {
      assert.equal(pass.canOrThrow(permission), pass.can(permission));
      assert.equal(passport.canOrThrow("nirvana", permission), passport.can("nirvana", permission));
    }
    assert.equal(passport.canOrThrow("elsewhere", "member:read"), false);
  });

  test("allow nothing of a membership that has ended, alone and in a batch, and go on with the others", async (t) => {
    const until = new Date(Date.now() + 100_000).toISOString();
    await world.send("kurt", "PATCH /v1/organizations/nirvana/members/chad", { until });
    const passport = await api.verifyPassport(await passportOf("chad"), { jwks: world.jwks });
    const [here, elsewhere] = ["nirvana", "elsewhere"].map((organization) => passport.checks([[organization, "member:read"]]));
    assert.deepEqual([[...here.run()], [...elsewhere.run()]], [[1], [0]]);
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse(until) });
    await null;
    assert.deepEqual([passport.can("nirvana", "member:read"), passport.pass("nirvana").expired, passport.expired], [false, true, false]);
    throws(() => passport.canOrThrow("nirvana", "member:read"), "pass_expired");
    assert.deepEqual([[...here.run()], [...elsewhere.run()], [...passport.checks([["nirvana", "member:read"]]).run()]], [[0], [0], [0]]);
  });

  test("of malicious make are refused with the code of the rule", async () => {
    const { jwks, expectations: { audience, issuer, leeway, now } } = corpus;
    assert.ok(corpus.tokens.length >= 60);
    for (const { name, kind, token, expect, ...own } of corpus.tokens) {
      const verify = kind === "pass" ? api.verifyPass : api.verifyPassport;
      const options = { jwks, audience, issuer, leeway, now: now * 1000, ...own };
      const came = await verify(token, options).then(() => "ok", (error) => error.code);
      assert.equal(came, expect, name);
    }
  });

  test("are what any JWT library believes, and believe what any of them signs", async () => {
    const { payload, protectedHeader } = await jwtVerify(await passOf("pat"), createLocalJWKSet(world.jwks), { algorithms: ["EdDSA", "Ed25519"] });
    assert.deepEqual([payload.sub, payload.slug, protectedHeader.alg], ["pat", "nirvana", "EdDSA"]);
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const token = await passOf("pat");
    const { x } = publicKey.export({ format: "jwk" });
    const kid = await thumbprint(x);
    const claims = Buffer.from(token.split(".")[1], "base64url");
    const signed = await new CompactSign(claims).setProtectedHeader({ alg: "EdDSA", typ: "guildhall-pass+jwt", kid }).sign(privateKey);
    const jwks = { keys: [...world.jwks.keys, { kty: "OKP", crv: "Ed25519", x, kid }] };
    assert.equal((await api.verifyPass(signed, { jwks })).userId, "pat");
    await refused(api.verifyPass(signed, { jwks: world.jwks }), "pass_unknown_key");
    await refused(api.verifyPass(signed.replace(/[^.]+$/, token.split(".")[2]), { jwks }), "pass_invalid");
  });

  test("are nobody's hostage: neither another caller's signal nor a fetch without an end", async () => {
    const token = await passOf("pat");
    const gone = new AbortController();
    let calls = 0;
    const fetch = (url, { signal }) => (calls += 1) === 1
      ? new Promise((_, refuse) => signal.addEventListener("abort", () => refuse(signal.reason)))
      : Promise.resolve(Response.json(world.jwks));
    const first = api.verifyPass(token, { jwks: "https://x.example/jwks", fetch, signal: gone.signal });
    while (calls === 0) await new Promise(setImmediate);
    const second = api.verifyPass(token, { jwks: "https://x.example/jwks", fetch });
    gone.abort();
    await assert.rejects(first, { name: "AbortError" });
    assert.equal((await second).userId, "pat");
    const deaf = api.verifyPass(token, { jwks: "https://x.example/jwks", fetch: () => new Promise(() => {}), signal: AbortSignal.timeout(20) });
    await assert.rejects(deaf, { name: "TimeoutError" });
    await refused(api.verifyPass(token, { jwks: "http://127.0.0.1:1/" }), "unavailable");
  });

  /** An address whose keys a test decides; `asked` counts. */
  function source(t, answer) {
    const calls = { asked: 0, answer };
    const fetch = async () => { calls.asked += 1; return calls.answer(); };
    const age = (milliseconds) => t.mock.timers.setTime(Date.now() + milliseconds);
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
    return { calls, age, verify: (token, more) => api.verifyPass(token, { jwks: "https://x.example/jwks", fetch, leeway: 60, ...more }) };
  }

  test("are checked with keys that are fetched once, and again for one that is new", async (t) => {
    const { calls, age, verify } = source(t, () => Response.json({ keys: [{ kty: "EC" }] }));
    for (let time = 0; time < 3; time += 1) await refused(verify(await passOf("pat")), "pass_unknown_key");
    assert.equal(calls.asked, 1, "nobody makes the keys be fetched as often as they like");
    age(11_000);
    calls.answer = () => Response.json(world.jwks);
    for (let time = 0; time < 3; time += 1) assert.equal((await verify(await passOf("pat"))).userId, "pat");
    assert.equal(calls.asked, 2);
  });

  test("are checked with the keys that were known while there are no newer ones", async (t) => {
    const { calls, age, verify } = source(t, () => Response.json(world.jwks));
    const token = await passOf("pat");
    await verify(token);
    for (const answer of [() => { throw new Error("down"); }, () => new Response("", { status: 500 }), () => Response.json({ keys: [] }), () => Response.json({}),
      () => new Response("{"), () => Response.redirect("https://y.example/")]) {
      age(301_000 / 6);
      calls.answer = answer;
      const others = corpus.tokens.find(({ name }) => name === "a good pass").token;
      await refused(verify(others), "unavailable");
      for (const each of await Promise.all([1, 2, 3].map(() => verify(token, { leeway: 60, now: Date.parse("2000-01-01") }).catch((error) => error.code)))) assert.equal(each, "pass_not_yet_valid");
    }
    age(601_000);
    await refused(verify(token), "unavailable");
  });
});

async function thumbprint(x) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`));
  return Buffer.from(digest).toString("base64url");
}
