// What the client of the packed package identifies its caller by: tokens, functions that give them, operator keys.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { installed } from "./support/installed.mjs";

const json = (body, init) => new Response(JSON.stringify(body), init);
const refused = () => json({ code: "unauthenticated", title: "sign in first", detail: "the token expired 12 s ago" }, { status: 401 });

describe("the client's credential", () => {
  let api;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("client/client.js");
  });

  /** A client of an installation that takes these tokens, or what `answer` says. */
  function world({ good = ["new"], answer, ...options }) {
    const sent = [];
    const fetch = async (url, { headers, ...init }) => {
      sent.push({ ...init, ...Object.fromEntries(headers) });
      await turn();
      if (answer) return answer(sent.length);
      return good.includes(headers.get("authorization")?.slice(7)) ? json({ slug: "acme" }) : refused();
    };
    return { sent, client: api.createClient({ baseUrl: "https://x.example", fetch, ...options }) };
  }

  const bearers = (sent) => sent.map(({ authorization }) => authorization?.slice(7));
  const fails = (promise, more) => assert.rejects(promise, (error) => {
    assert.ok(error instanceof api.GuildhallError, error.stack);
    for (const [name, value] of Object.entries(more)) assert.deepEqual(error[name], value, name);
    return true;
  });

  test("a refused token is asked for again once, and the call is sent again", async () => {
    const asked = [];
    const { sent, client } = world({ token: async (request) => { asked.push(request); return request.refused ? "new" : "old"; } });
    assert.equal((await client.slugs.check("acme")).slug, "acme");
    assert.deepEqual([asked, bearers(sent)], [[{}, { refused: "old" }], ["old", "new"]]);
  });

  test("a change is sent again with the same body, a POST under the same key", async () => {
    for (const call of [(acme) => acme.update({ name: "B" }), (acme) => acme.delete(), (acme) => acme.invitations.create({ email: "a@b.example" }), (acme) => acme.teams.members.put("t", "u", { roles: [] })]) {
      const { sent, client } = world({ token: ({ refused }) => (refused ? "new" : "old") });
      await call(client.organization("acme"));
      const [first, second] = sent.map(({ authorization: _, signal: __, ...rest }) => rest);
      assert.deepEqual([sent.length, second], [2, first]);
    }
  });

  test("the same token again is not sent again, and neither is none", async () => {
    for (const next of ["old", undefined, null, ""]) {
      const { sent, client } = world({ token: ({ refused }) => (refused ? next : "old") });
      await fails(client.slugs.check("a"), { code: "unauthenticated", status: 401 });
      assert.deepEqual(bearers(sent), ["old"], String(next));
    }
  });

  test("a second refusal is the answer", async () => {
    let count = 0;
    const { sent, client } = world({ good: [], token: () => `t${(count += 1)}` });
    await fails(client.slugs.check("a"), { code: "unauthenticated", status: 401 });
    assert.deepEqual(bearers(sent), ["t1", "t2"]);
  });

  test("other refusals, fixed tokens, no token and an own header ask for nothing", async () => {
    let count = 0;
    const token = () => { count += 1; return "old"; };
    const forbidden = world({ token, answer: () => json({ code: "permission_denied" }, { status: 403 }) });
    await fails(forbidden.client.slugs.check("a"), { status: 403 });
    assert.equal(count, 1);
    for (const options of [{ token: "old" }, { token: Promise.resolve("old") }, {}, { token: () => undefined }]) {
      const { sent, client } = world(options);
      await fails(client.slugs.check("a"), { status: 401 });
      assert.equal(sent.length, 1);
    }
    const own = world({ token });
    await fails(own.client.slugs.check("a", { headers: { authorization: "Bearer mine" } }), { status: 401 });
    assert.deepEqual([bearers(own.sent), count], [["mine"], 1]);
  });

  test("a refused token and a failure that passes are both mended in one call", async () => {
    const answers = [refused, () => json({ code: "unavailable" }, { status: 503, headers: { "retry-after": "0" } }), () => json({ slug: "acme" })];
    const asked = [];
    const { sent, client } = world({ token: async ({ refused }) => { asked.push(refused); return refused ? "new" : "old"; }, answer: (count) => answers[count - 1]() });
    await client.slugs.check("acme");
    assert.deepEqual([asked, bearers(sent)], [[undefined, "old"], ["old", "new", "new"]]);
  });

  test("calls that are made while a token is fetched share it", async () => {
    let count = 0;
    const { sent, client } = world({ token: async ({ refused }) => { count += 1; await turn(); return refused ? "new" : "old"; } });
    await Promise.all(Array.from({ length: 5 }, () => client.slugs.check("acme")));
    assert.deepEqual([count, bearers(sent).toSorted()], [2, [...Array(5).fill("new"), ...Array(5).fill("old")]]);
    await client.slugs.check("acme");
    assert.equal(count, 4, "an answer is not kept");
  });

  test("what a function answers at once is for that call alone", async () => {
    const callers = ["kurt", "krist", "dave"];
    let place = 0;
    const { sent, client } = world({ good: callers, token: () => callers[place++] });
    await Promise.all(callers.map(() => client.slugs.check("acme")));
    assert.deepEqual(bearers(sent), callers);
  });

  test("a call that is ended does not end the others, nor leave a fetch behind that hangs", async () => {
    const given = [];
    const { sent, client } = world({ good: ["late"], token: () => new Promise((resolve) => { given.push(resolve); }) });
    const [one, two] = [new AbortController(), new AbortController()];
    const reason = new Error("enough");
    const [first, second] = [client.slugs.check("a", { signal: one.signal }), client.slugs.check("b", { signal: two.signal })];
    await turn();
    one.abort(reason);
    await assert.rejects(first, (error) => error === reason);
    assert.equal(given.length, 1);
    two.abort(reason);
    await assert.rejects(second, (error) => error === reason);
    const third = client.slugs.check("c");
    await turn();
    assert.equal(given.length, 2, "asked anew");
    given[1]("late");
    assert.equal((await third).slug, "acme");
    assert.equal(sent.length, 1);
  });

  test("a signal ends the waiting for another token", async () => {
    const gone = new AbortController();
    const reason = new Error("enough");
    const { client } = world({ token: ({ refused }) => { if (refused) queueMicrotask(() => gone.abort(reason)); return refused ? new Promise(() => {}) : "old"; } });
    await assert.rejects(client.slugs.check("a", { signal: gone.signal }), (error) => error === reason);
  });

  test("a function that fails is an error of its own, which is not repeated", async () => {
    for (const token of [() => { throw new Error("no session"); }, async () => { throw new Error("no session"); }]) {
      const { sent, client } = world({ token });
      await fails(client.slugs.check("a"), { code: "token_unavailable", param: "token", message: "the function `token` failed: no session" });
      await client.slugs.check("a").catch(({ cause }) => assert.equal(cause.message, "no session"));
      assert.equal(sent.length, 0);
    }
    const second = world({ token: ({ refused }) => { if (refused) throw null; return "old"; } });
    await fails(second.client.slugs.check("a"), { code: "token_unavailable", param: "token" });
    await fails(world({ token: async () => 3 }).client.slugs.check("a"), { code: "invalid_value", param: "token" });
  });

  test("pages of a list go on with another token", async () => {
    const tokens = ["a", "b", "c"];
    let page = 0;
    const answer = (count) => (count === 2 ? refused() : json({ data: [(page += 1)], hasMore: page < 2, nextCursor: page < 2 ? "n" : null }));
    const { sent, client } = world({ token: () => tokens.shift(), answer });
    const rows = [];
    for await (const row of client.organizations.list()) rows.push(row);
    assert.deepEqual(rows, [1, 2]);
    assert.deepEqual(bearers(sent), ["a", "b", "c"]);
  });

  test("an operator key stands in place of a token and acts as a user", async () => {
    const { sent, client } = world({ operatorKey: "gho_key", actAs: "auth0|kürt,1", good: ["gho_key"] });
    await client.slugs.check("a");
    await client.slugs.check("a", { actAs: { userId: "krist", email: "krist@nirvana.example" } });
    await client.slugs.check("a", { actAs: null });
    assert.deepEqual(sent.map((one) => [one.authorization, one["guildhall-act-as"], one["guildhall-act-as-email"]]), [
      ["Bearer gho_key", "auth0%7Ck%C3%BCrt%2C1", undefined],
      ["Bearer gho_key", "krist", "krist%40nirvana.example"],
      ["Bearer gho_key", undefined, undefined],
    ]);
  });

  test("an operator key that is none, or stands beside a token, is refused at once, and so is acting without one", async () => {
    const made = (options) => () => api.createClient({ baseUrl: "https://x.example", ...options });
    for (const [options, param] of [
      [{ operatorKey: "secret" }, "operatorKey"], [{ operatorKey: 3 }, "operatorKey"], [{ operatorKey: "gho_key", token: "t" }, "operatorKey"],
      [{ actAs: "kurt" }, "actAs"], [{ token: "t", actAs: "kurt" }, "actAs"],
      ...["", 3, {}, { userId: "" }, { userId: "kurt", email: 3 }, "\ud800"].map((actAs) => [{ operatorKey: "gho_key", actAs }, "actAs"]),
    ]) assert.throws(made(options), (error) => error instanceof api.GuildhallError && error.code === "invalid_value" && error.param === param && !error.message.includes("secret"), JSON.stringify(options));
    const { sent, client } = world({ token: "t" });
    await fails(client.slugs.check("a", { actAs: "kurt" }), { code: "invalid_value", param: "actAs" });
    assert.equal(sent.length, 0);
  });
});
