// Keys that are fetched from an installation's address: how old they may be, how much of an answer is
// read, how often one is asked for, and what becomes of an answer that is none.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const address = "https://keys.example/jwks.json";
const day = 24 * 3600_000;
const minute = 60_000;

describe("fetched keys", () => {
  let verifyPass;
  let token;
  let own;
  let others;
  /** A pass by a key that is not among the first ones. */
  let newer;

  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    ({ verifyPass } = await project.import("pass/node.js"));
    const { createClient } = await project.import("client/client.js");
    const { Directory } = await project.import("directory/node.js");
    const signed = async ({ fetch }) => {
      const kurt = createClient({ fetch, token: (await createClient({ fetch }).dev.signIn({ userId: "kurt" })).token });
      await kurt.organizations.create({ name: "Nirvana" });
      return [(await kurt.organization("nirvana").pass()).token, await kurt.installation.keys()];
    };
    [token, own] = await signed(new Directory());
    [newer, others] = await signed(new Directory());
  });

  const turns = async (count) => { for (let left = count; left > 0; left -= 1) await new Promise(setImmediate); };
  const down = () => { throw new Error("down"); };

  /** An installation's address, and a reader with a clock of the test's own. */
  function reader(t, answer) {
    const start = Date.now();
    const world = { answer, asked: 0 };
    const fetch = async (...words) => { world.asked += 1; await turns(1); return world.answer(...words); };
    t.mock.timers.enable({ apis: ["Date"], now: start });
    world.later = (milliseconds) => t.mock.timers.setTime(Date.now() + milliseconds);
    world.verify = (what = token, more = {}) => verifyPass(what, { jwks: address, fetch, now: start, ...more }).then(() => "believed", (error) => (error.name === "GuildhallError" ? error.code : error.name));
    world.atOnce = (count) => Promise.all(Array.from({ length: count }, () => world.verify()));
    return world;
  }

  test("have an address that may be relative in a page, and nowhere else", async (t) => {
    const asked = [];
    const fetch = async (url) => { asked.push(String(url)); return Response.json(own); };
    const verify = (jwks) => verifyPass(token, { jwks, fetch }).then(() => "believed", ({ code, param }) => `${code} ${param}`);
    for (const jwks of ["/.well-known/jwks.json", "jwks.json", "//keys.example/jwks.json", ""]) assert.equal(await verify(jwks), "invalid_value jwks", jwks);
    const page = (href) => { globalThis.location = { href }; };
    t.after(() => { delete globalThis.location; });
    page("https://songs.example/o/nirvana/");
    for (const jwks of ["/.well-known/jwks.json", "jwks.json", "//keys.example/jwks.json", "https://elsewhere.example/keys"]) assert.equal(await verify(jwks), "believed", jwks);
    assert.deepEqual(asked, ["https://songs.example/.well-known/jwks.json", "https://songs.example/o/nirvana/jwks.json", "https://keys.example/jwks.json", "https://elsewhere.example/keys"]);
    // What a page came by decides no less: keys that came over plain HTTP could be anybody's.
    page("http://songs.example/");
    assert.equal(await verify("/.well-known/jwks.json"), "invalid_value jwks");
    page("http://127.0.0.1:8787/");
    assert.equal(await verify("/.well-known/jwks.json"), "believed");
    for (const href of ["blob:https://songs.example/3f1", "data:text/html,x", "about:blank"]) {
      page(href);
      assert.equal(await verify("/.well-known/jwks.json"), "invalid_value jwks", href);
    }
  });

  test("that were withdrawn are believed by nobody after a day without a question", async (t) => {
    const world = reader(t, () => Response.json(own));
    assert.equal(await world.verify(), "believed");
    world.later(day);
    world.answer = () => Response.json(others);
    assert.deepEqual(await world.atOnce(5), Array(5).fill("pass_unknown_key"));
  });

  test("that are old are believed by nobody when there are no newer ones", async (t) => {
    const world = reader(t, () => Response.json(own));
    assert.equal(await world.verify(), "believed");
    world.later(day);
    world.answer = down;
    assert.deepEqual(await world.atOnce(5), Array(5).fill("unavailable"));
    for (const pause of [0, 500, 2000, 9000, 11_000]) {
      world.later(pause);
      assert.deepEqual(await world.atOnce(2), ["unavailable", "unavailable"], String(pause));
    }
    world.later(2000);
    world.answer = () => Response.json(own);
    assert.equal(await world.verify(), "believed");
  });

  test("hold on for ten minutes while their address answers nothing, or something that is no key set", async (t) => {
    const [key] = own.keys;
    let answered = 0;
    /** So that those who ask at the same time hear at different ones. */
    const late = () => turns((answered += 1) % 3);
    const broken = [down, () => Response.json({ keys: [null] }), () => Response.json({ keys: [key, { ...key, x: others.keys[0].x }] }), () => Response.json({ keys: [{ ...key, x: "AAAA" }] }),
      () => Response.json({ keys: [key, { note: "\ud800" }] }), () => new Response(`{"keys":[${"[".repeat(130)}${"]".repeat(130)}]}`), () => new Response(`{"keys":[${"1e20,".repeat(8000)}1]}`),
      async () => { await late(); return Response.json({ keys: [key, null] }); }];
    for (const answer of broken) await t.test(String(answer), async (t) => {
      const world = reader(t, () => Response.json(own));
      assert.equal(await world.verify(), "believed");
      world.answer = answer;
      world.later(5 * minute + 1000);
      assert.deepEqual(await world.atOnce(3), Array(3).fill("believed"));
      for (let time = 0; time < 3; time += 1) {
        world.later(minute);
        assert.deepEqual(await world.atOnce(2), Array(2).fill("believed"));
      }
      world.later(2 * minute);
      assert.equal(await world.verify(), "unavailable");
      world.answer = () => Response.json(own);
      world.later(11_000);
      assert.equal(await world.verify(), "believed");
    });
  });

  test("that nobody can read are no mistake of the application's, and asked for again soon", async (t) => {
    const world = reader(t, () => Response.json({ keys: [null] }));
    assert.equal(await world.verify(), "unavailable");
    world.later(1500);
    world.answer = () => Response.json(own);
    assert.equal(await world.verify(), "believed");
  });

  test("are not fetched for what no key could make good", async (t) => {
    const world = reader(t, () => Response.json(own));
    for (const wrong of ["", "garbage", "a.b", "a.b.c", "a.b.c.d", `${token}.x`, token.replace(".", ".."), `x${token}`, "x".repeat(9000)]) assert.equal(await world.verify(wrong), "pass_invalid", wrong.slice(0, 20));
    for (const wrong of [null, 5, {}]) assert.equal(await world.verify(wrong), "invalid_value");
    assert.equal(world.asked, 0);
  });

  test("that cannot be had are asked for once a second", async (t) => {
    const world = reader(t, down);
    for (let time = 0; time < 20; time += 1) assert.equal(await world.verify(), "unavailable");
    assert.equal(world.asked, 1);
    world.later(1100);
    assert.equal(await world.verify(), "unavailable");
    assert.equal(world.asked, 2);
  });

  /** Somebody who has known the keys for eleven seconds, and an address that has another one since. */
  async function rotated(t, answer) {
    const world = reader(t, () => Response.json(own));
    assert.equal(await world.verify(), "believed");
    world.later(11_000);
    world.answer = answer;
    return world;
  }
  const both = () => Response.json({ keys: [...own.keys, ...others.keys] });

  test("that are new are found by everybody who brings one, while others are asking", async (t) => {
    const world = await rotated(t, async () => { await turns(20); return both(); });
    const asking = [];
    for (let time = 0; time < 12; time += 1) { asking.push(world.verify(newer)); await turns(1); }
    assert.deepEqual(await Promise.all(asking), Array(12).fill("believed"));
    assert.ok(world.asked <= 5, `${world.asked} requests`);
  });

  test("that are new are found although whoever asked first went away", async (t) => {
    const gone = new AbortController();
    const world = await rotated(t, () => new Promise(() => {}));
    const first = world.verify(newer, { signal: gone.signal });
    await turns(3);
    gone.abort();
    assert.equal(await first, "AbortError");
    world.answer = both;
    assert.equal(await world.verify(newer), "believed");
  });

  test("are not called unknown while nobody can say so", async (t) => {
    const world = await rotated(t, down);
    assert.deepEqual([await world.verify(newer), await world.verify()], ["unavailable", "believed"]);
    world.answer = both;
    assert.equal(await world.verify(newer), "unavailable");
    world.later(1001);
    assert.equal(await world.verify(newer), "believed");
  });

  test("are asked for by few at once, however many tokens are made up", async (t) => {
    let go;
    const gate = new Promise((done) => { go = done; });
    const world = reader(t, async () => { await gate; return Response.json(own); });
    const all = Array.from({ length: 50 }, () => world.verify(newer));
    await turns(20);
    assert.equal(world.asked, 4);
    go();
    assert.deepEqual(await Promise.all(all), Array(50).fill("pass_unknown_key"));
    assert.equal(world.asked, 4);
  });

  test("are asked for past a browser's own store", async (t) => {
    const caches = [];
    const world = reader(t, (_, { cache }) => { caches.push(cache); return Response.json(own); });
    assert.equal(await world.verify(), "believed");
    assert.deepEqual(caches, ["no-cache"]);
  });

  test("are read up to a limit, and no further", async (t) => {
    let sent = 0;
    const flood = () => new Response(new ReadableStream({ pull: (body) => { body.enqueue(new Uint8Array(16_384).fill(32)); sent += 16_384; } }));
    const world = reader(t, flood);
    assert.equal(await world.verify(), "unavailable");
    assert.ok(sent <= 200_000, `${sent} bytes are read`);
    world.later(2000);
    world.answer = () => new Response(`${" ".repeat(60_000)}${JSON.stringify(own)}`);
    assert.equal(await world.verify(), "believed");
  });
});
