// How the client of the packed package sends: what it repeats, what it tells, how it ends.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { createServer } from "node:http";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const json = (body, init) => new Response(JSON.stringify(body), init);
const problem = (status, code, headers) => json({ code, title: "no", detail: "not so", requestId: "r1", param: "name" }, { status, headers });
const brokenOff = () => { throw new TypeError("fetch failed"); };

describe("the client", () => {
  let api;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("client/client.js");
  });

  /** A client whose `fetch` gives these answers in turn, and what it was asked. */
  function scripted(answers, options) {
    const asked = [];
    const fetch = async (url, init) => {
      asked.push({ url, ...init, headers: Object.fromEntries(init.headers) });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      return answer();
    };
    return { asked, client: api.createClient({ baseUrl: "https://x.example/", fetch, ...options }) };
  }

  const fails = (promise, more) => assert.rejects(promise, (error) => {
    assert.ok(error instanceof api.GuildhallError, error.stack);
    for (const [name, value] of Object.entries(more)) assert.deepEqual(error[name], value, name);
    return true;
  });

  const wait = { "retry-after": "0" };

  test("repeats reads, and POSTs under one key", async () => {
    const reading = scripted([brokenOff, () => problem(503, "unavailable", wait), () => json({ slug: "a" })]);
    assert.equal((await reading.client.slugs.check("a")).slug, "a");
    const writing = scripted([brokenOff, () => problem(503, "organization_busy", wait), () => json({ id: "1" })]);
    await writing.client.organization("acme").invitations.create({ email: "a@b.c" });
    const keys = writing.asked.map(({ headers }) => headers["idempotency-key"]);
    assert.ok(/^[0-9a-f]{32}$/.test(keys[0]) && keys.every((key) => key === keys[0]), String(keys));
    const other = scripted([() => json({})]);
    await other.client.organizations.create({ name: "A" }, { idempotencyKey: "mine" });
    assert.equal(other.asked[0].headers["idempotency-key"], "mine");
  });

  test("repeats nothing that could happen twice, and nothing that was refused", async () => {
    for (const call of [(acme) => acme.update({ name: "A" }), (acme) => acme.delete(), (acme) => acme.teams.members.put("t", "u")]) {
      const { client, asked } = scripted([() => problem(503, "unavailable", wait)]);
      await fails(call(client.organization("acme")), { code: "unavailable", status: 503, retryAfter: 0 });
      assert.equal(asked.length, 1);
    }
    const { client, asked } = scripted([() => problem(404, "not_found")]);
    await fails(client.organization("acme").get(), { code: "not_found", status: 404, title: "no", message: "not so", param: "name", requestId: "r1" });
    assert.equal(asked.length, 1);
  });

  test("gives up in time, and says when to come back", async () => {
    const often = scripted([brokenOff], { retries: 1 });
    await fails(often.client.me.get(), { code: "unavailable", status: undefined });
    assert.equal(often.asked.length, 2);
    const never = scripted([() => problem(503, "unavailable")], { retries: 0 });
    await fails(never.client.me.get(), { code: "unavailable" });
    assert.equal(never.asked.length, 1);
    const tomorrow = scripted([() => problem(429, "invitation_quota_reached", { "retry-after": "86400" })]);
    await fails(tomorrow.client.organization("a").invitations.create({ email: "a@b.c" }), { status: 429, retryAfter: 86400 });
    assert.equal(tomorrow.asked.length, 1);
    const limited = scripted([() => problem(429, "rate_limited", { "retry-after": "60" })]);
    await fails(limited.client.me.get(), { code: "rate_limited", status: 429, retryAfter: 60 });
    const dated = scripted([() => problem(503, "unavailable", { "retry-after": new Date(Date.now() + 3600_000).toUTCString() })]);
    await assert.rejects(dated.client.me.get(), ({ retryAfter }) => retryAfter > 3500 && retryAfter <= 3600);
  });

  test("knows what is not Guildhall's", async () => {
    const html = () => new Response("<h1>Bad gateway</h1>", { status: 502, headers: { ...wait, "x-request-id": "r2" } });
    await fails(scripted([html], { retries: 0 }).client.me.get(), { code: "unavailable", status: 502, requestId: "r2" });
    await fails(scripted([() => new Response('{"principal":')], { retries: 0 }).client.me.get(), { code: "unavailable" });
  });

  test("ends when it is told to", async () => {
    const reason = new Error("enough");
    const asleep = scripted([() => problem(503, "unavailable", { "retry-after": "15" })]);
    const call = asleep.client.me.get({ signal: AbortSignal.timeout(30) });
    await assert.rejects(call, { name: "TimeoutError" });
    assert.equal(asleep.asked.length, 1);
    const ended = scripted([() => { throw reason; }]);
    await assert.rejects(ended.client.me.get({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
    const pages = scripted([() => json({ data: [1, 2], hasMore: true, nextCursor: "c" })]);
    for await (const row of pages.client.organizations.list()) if (row === 2) break;
    assert.equal(pages.asked.length, 1, "no page is asked for before it is wanted");
  });

  test("ends although nobody listens: neither `fetch` nor whoever gives the token", async () => {
    const reason = new Error("enough");
    const deaf = scripted([() => new Promise(() => {})]);
    await assert.rejects(deaf.client.me.get({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
    assert.equal(deaf.asked.length, 0, "nothing is sent once it is over");
    const gone = new AbortController();
    const waiting = deaf.client.me.get({ signal: gone.signal });
    setImmediate(() => gone.abort(reason));
    await assert.rejects(waiting, (error) => error === reason);
    assert.equal(deaf.asked.length, 1);
    const tokenless = scripted([() => json({})], { token: () => new Promise(() => {}) });
    const late = new AbortController();
    setImmediate(() => late.abort(reason));
    await assert.rejects(tokenless.client.me.get({ signal: late.signal }), (error) => error === reason);
    assert.equal(tokenless.asked.length, 0);
  });

  test("leaves nobody listening to a signal that goes on: it would keep the answer", async (t) => {
    const made = [];
    const any = AbortSignal.any.bind(AbortSignal);
    t.mock.method(AbortSignal, "any", (signals) => { made.push(any(signals)); return made.at(-1); });
    const { signal } = new AbortController();
    await scripted([() => json({})]).client.me.get({ signal });
    await fails(scripted([() => problem(404, "not_found")]).client.me.get({ signal }), { code: "not_found" });
    await fails(scripted([brokenOff], { retries: 0 }).client.me.get({ signal }), { code: "unavailable" });
    const gone = new AbortController();
    const waiting = scripted([() => new Promise(() => {})]).client.me.get({ signal: gone.signal });
    setImmediate(() => gone.abort());
    await assert.rejects(waiting, { name: "AbortError" });
    assert.ok(made.length >= 4, "each call joins its signals");
    assert.deepEqual([...made, signal, gone.signal].filter((one) => getEventListeners(one, "abort").length > 0), []);
  });

  test("takes no answer for a list that is none, and goes no way twice", async () => {
    const rows = async (answer, list = (client) => client.organizations.list()) => { for await (const row of list(scripted([answer], { retries: 0 }).client)) assert.ok(row); };
    for (const body of ["", "null", "3", "[]", "{}", '{"data":null,"hasMore":false}', '{"data":{"length":1}}']) await fails(rows(() => new Response(body)), { code: "unavailable" });
    for (const nextCursor of [null, undefined, "", 3]) await fails(rows(() => json({ data: [1], hasMore: true, nextCursor })), { code: "unavailable" });
    await fails(rows(() => json({ data: [1], hasMore: true, nextCursor: "same" })), { code: "unavailable" });
    await fails(rows(() => json({ a: 1 }, { headers: { "guildhall-next-cursor": "same" } }), (client) => client.organization("a").export()), { code: "unavailable" });
  });

  test("says at once what cannot be sent, and sends nothing", async () => {
    const cyclic = {};
    cyclic.self = cyclic;
    const wrong = [
      [(client) => client.organization("a\ud800").get(), "org"],
      [(client) => client.organizations.create(cyclic), undefined],
      [(client) => client.organizations.create({ name: "A", metadata: { size: 1n } }), undefined],
      [(client) => client.me.get({ requestId: "a\nb" }), "x-request-id"],
      [(client) => client.me.get({ headers: { "x-y": "a\nb" } }), "headers"],
    ];
    for (const [call, param] of wrong) {
      const { client, asked } = scripted([() => json({})]);
      await fails(call(client), { code: "invalid_value", param, status: undefined });
      assert.equal(asked.length, 0, String(call));
    }
    const secret = scripted([() => json({})], { token: "se\r\ncret" });
    await assert.rejects(secret.client.me.get(), (error) => error.code === "invalid_value" && error.param === "token" && !`${error.stack} ${error.cause}`.includes("cret"));
    assert.equal(secret.asked.length, 0);
  });

  test("needs to know where an installation is, and asks nobody until it does", async (t) => {
    const nobody = t.mock.method(globalThis, "fetch", () => assert.fail("somebody is asked"));
    const wrong = { code: "invalid_value", param: "baseUrl" };
    for (const baseUrl of [undefined, null, "nowhere", "ftp://x.example", "//", "https://x.example/?a=b", "https://"]) await fails(api.createClient({ baseUrl }).me.get(), wrong);
    assert.equal(nobody.mock.callCount(), 0);
    for (const baseUrl of ["ftp://x.example", "https://"]) {
      const { client, asked } = scripted([() => json({})], { baseUrl });
      await fails(client.me.get(), wrong);
      assert.equal(asked.length, 0, baseUrl);
    }
    const given = (baseUrl) => { const one = scripted([() => json({})], { baseUrl }); return one.client.me.get().then(() => one.asked[0].url); };
    assert.deepEqual(await Promise.all([undefined, "/", "/guild/", "https://x.example//", new URL("https://x.example/a/")].map(given)), ["http://localhost/v1/me", "http://localhost/v1/me", "http://localhost/guild/v1/me", "https://x.example/v1/me", "https://x.example/a/v1/me"]);
  });

  test("is of a page's own origin there", async (t) => {
    t.after(() => delete globalThis.location);
    globalThis.location = new URL("https://songs.example/page");
    const { client, asked } = scripted([() => json({})], { baseUrl: undefined });
    await client.me.get();
    assert.equal(asked[0].url, "/v1/me");
  });

  test("repeats nothing that a `fetch` of its own refuses", async () => {
    const refusing = scripted([() => { throw new api.GuildhallError({ code: "invalid_value", title: "no", message: "options" }); }]);
    await fails(refusing.client.me.get(), { code: "invalid_value" });
    assert.equal(refusing.asked.length, 1);
  });

  test("says who is asking, where and how", async () => {
    let tokens = 0;
    const { client, asked } = scripted([brokenOff, () => json({ data: [], hasMore: false, nextCursor: null })], { token: async () => `t${(tokens += 1)}`, headers: { "x-app": "songs" }, credentials: "include", organization: "acme" });
    await client.organization().members.list({ q: "a b", role: undefined }, { minVersion: 3, consistency: "cached", requestId: "mine", headers: { "x-page": "1" } }).page();
    const [, { url, headers, credentials, method }] = asked;
    assert.equal(url, "https://x.example/v1/organizations/acme/members?q=a+b&consistency=cached");
    assert.deepEqual([method, credentials, headers.authorization, headers["x-app"], headers["x-page"], headers["guildhall-min-version"], headers["x-request-id"]], ["GET", "include", "Bearer t2", "songs", "1", "3", "mine"]);
    const writing = scripted([() => json({})]);
    await writing.client.organization("acme").members.update("auth0|a/b", { title: null }, { ifMatch: 7, dryRun: true });
    const [{ url: where, body, headers: said }] = writing.asked;
    assert.deepEqual([where, body, said["if-match"]], ["https://x.example/v1/organizations/acme/members/auth0%7Ca%2Fb?dryRun=true", '{"title":null}', '"v7"']);
  });

  test("does not ask about something else when a name is missing", async () => {
    const { client, asked } = scripted([() => json({})]);
    for (const id of [undefined, "", ".", "..", null, 3]) await fails(client.organization("acme").members.remove(id), { code: "invalid_value", param: "user" });
    await fails(client.organization().delete(), { code: "invalid_value", param: "org" });
    assert.equal(asked.length, 0);
  });

  test("follows a former slug, but to no other site", async () => {
    const leads = (location) => () => json({ slug: "b" }, { status: 308, headers: { location } });
    const { client, asked } = scripted([leads("/v1/organizations/b"), () => json({ slug: "b" })], { token: "secret" });
    assert.equal((await client.organization("a").get()).slug, "b");
    assert.equal(asked[1].url, "https://x.example/v1/organizations/b");
    const away = scripted([leads("https://evil.example/")], { token: "secret", retries: 0 });
    await fails(away.client.organization("a").get(), { status: 308 });
    assert.equal(away.asked.length, 1);
  });

  test("sends nothing on to another site, whatever an installation answers", async (t) => {
    const listening = async (answer) => {
      const heard = [];
      const server = createServer((request, response) => { heard.push(`${request.method} ${request.url}`); answer(request, response); }).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      t.after(() => server.close());
      return { heard, origin: `http://127.0.0.1:${server.address().port}` };
    };
    const evil = await listening((_, response) => response.end('{"slug":"evil"}'));
    for (const status of [301, 302, 303, 307, 308]) {
      const home = await listening(({ url }, response) => response.writeHead(status, { location: evil.origin + url }).end());
      const client = api.createClient({ baseUrl: home.origin, token: "secret", headers: { "x-key": "secret" } });
      await fails(client.organization("a").get(), { code: "unavailable", status });
      await fails(client.invitations.accept({ token: "ghi_secret" }), { code: "unavailable", status });
      assert.deepEqual(home.heard, ["GET /v1/organizations/a", "POST /v1/invitations/accept"]);
    }
    assert.deepEqual(evil.heard, []);
    const home = await listening(({ url }, response) => (url.endsWith("/a") ? response.writeHead(308, { location: "/v1/organizations/b" }).end() : response.end('{"slug":"b"}')));
    assert.equal((await api.createClient({ baseUrl: home.origin }).organization("a").get()).slug, "b");
    assert.deepEqual(home.heard, ["GET /v1/organizations/a", "GET /v1/organizations/b"]);
  });

  test("lets a browser, which does not show where it is sent, follow a read within the page's own site", async (t) => {
    const opaque = () => ({ type: "opaqueredirect", status: 0, ok: false, headers: new Headers(), text: async () => "" });
    const reading = (client) => client.organization("a").get();
    const outside = scripted([opaque]);
    await fails(reading(outside.client), { code: "unavailable" });
    t.after(() => delete globalThis.location);
    globalThis.location = new URL("https://songs.example/page");
    for (const baseUrl of [undefined, "https://songs.example"]) {
      const { client, asked } = scripted([opaque, () => json({ slug: "b" })], { baseUrl });
      assert.equal((await reading(client)).slug, "b");
      assert.deepEqual(asked.map(({ redirect, mode }) => [redirect, mode]), [["manual", undefined], ["follow", "same-origin"]]);
    }
    const writing = scripted([opaque], { baseUrl: undefined });
    await fails(writing.client.invitations.accept({ token: "t" }), { code: "unavailable" });
    const elsewhere = scripted([opaque]);
    await fails(reading(elsewhere.client), { code: "unavailable" });
    for (const { asked } of [outside, writing, elsewhere]) assert.equal(asked.length, 1);
  });

  test("decides locally through whom it is given", async () => {
    const decided = [];
    const planner = { actor: { userId: "kurt" }, permissions: ["invoice:read"], decide: (...words) => { decided.push(words); return { events: [] }; } };
    const { client, asked } = scripted([], { planner });
    assert.deepEqual(client.organization("acme").would({ type: "member.leave" }, { members: {} }, 5), { events: [] });
    assert.deepEqual(decided, [[{ members: {} }, { actor: { userId: "kurt" }, target: { organization: "acme" }, action: { type: "member.leave" } }, 5, ["invoice:read"]]]);
    assert.equal(asked.length, 0);
    assert.throws(() => scripted([]).client.organization("acme").would({ type: "member.leave" }, {}), { code: "invalid_value", param: "planner" });
  });
});
