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

  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    ({ verifyPass } = await project.import("pass/node.js"));
    const { createClient } = await project.import("client/client.js");
    const { Directory } = await project.import("directory/node.js");
    const { fetch } = new Directory();
    const kurt = createClient({ fetch, token: (await createClient({ fetch }).dev.signIn({ userId: "kurt" })).token });
    await kurt.organizations.create({ name: "Nirvana" });
    ({ token } = await kurt.organization("nirvana").pass());
    own = await kurt.installation.keys();
    others = await createClient({ fetch: new Directory().fetch }).installation.keys();
  });

  const down = () => { throw new Error("down"); };

  /** An installation's address, and a reader with a clock of the test's own. */
  function reader(t, answer) {
    const start = Date.now();
    const world = { answer, asked: 0 };
    const fetch = async (...words) => { world.asked += 1; await new Promise(setImmediate); return world.answer(...words); };
    t.mock.timers.enable({ apis: ["Date"], now: start });
    world.later = (milliseconds) => t.mock.timers.setTime(Date.now() + milliseconds);
    world.verify = (what = token) => verifyPass(what, { jwks: address, fetch, now: start }).then(() => "believed", (error) => error.code);
    world.atOnce = (count) => Promise.all(Array.from({ length: count }, () => world.verify()));
    return world;
  }

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
    const late = async () => { for (let turns = (answered += 1) % 3; turns > 0; turns -= 1) await new Promise(setImmediate); };
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
