// A pass that is kept fresh, on the packed package and a whole system in memory: the clock is the test's.
//
// Owns: the life of a handle. Never does: run in a browser (`tests/browser/pass-handle.test.mjs` does).

import assert from "node:assert/strict";
import { afterEach, before, describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { installed } from "./support/installed.mjs";

const second = 1000;
const minute = 60 * second;

describe("a pass handle", () => {
  let api;
  let createClient;
  let Directory;
  const open = new Set();
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("pass/node.js");
    ({ createClient } = await project.import("client/client.js"));
    ({ Directory } = await project.import("directory/node.js"));
  });
  afterEach(() => { open.forEach((handle) => handle.close()); open.clear(); });

  /** An installation with an organization of kurt's, of which krist is a member; `asked` counts the passes that were asked for. */
  async function world(t, { ahead = 0 } = {}) {
    t.mock.timers.enable({ apis: ["Date", "setTimeout"], now: Date.parse("2026-01-05T12:00:00Z") });
    const installation = new Directory({ now: () => Date.now() - ahead });
    const states = { asked: 0, answer: undefined };
    const fetch = async (url, init) => {
      if (/\/passes$/.test(url)) {
        states.asked += 1;
        if (states.answer) return states.answer();
      }
      return installation.fetch(url, init);
    };
    const signedIn = async (userId) => createClient({ fetch, token: (await createClient({ fetch }).dev.signIn({ userId })).token, retries: 0 });
    const [kurt, krist] = [await signedIn("kurt"), await signedIn("krist")];
    await kurt.organizations.create({ name: "Nirvana" });
    await kurt.organization("nirvana").members.add({ userId: "krist", roles: ["admin"] });
    /** Lets time pass in small steps, with everything that happens in it. */
    const pass = async (duration) => {
      for (let left = duration; left > 0; left -= 5 * second) {
        t.mock.timers.tick(Math.min(left, 5 * second));
        await settled();
      }
    };
    return { states, fetch, kurt, krist, pass };
  }

  /** What is under way and waits for no clock gets through: turns of the event loop, for some real milliseconds. */
  const settled = () => until(() => false, 4);

  /** Waits until something is so, or for so many real milliseconds. */
  async function until(isSo, most = 5000) {
    const start = performance.now();
    while (!isSo() && performance.now() - start < most) await turn();
    return isSo();
  }

  function handleOf(client, options) {
    const handle = api.createPassHandle({ client, organization: "nirvana", ...options });
    open.add(handle);
    return handle;
  }

  const down = () => { throw new TypeError("fetch failed"); };
  const problem = (status, code) => () => Response.json({ code, title: "no", detail: "not so" }, { status });

  test("has a pass as soon as there is one, and says no before", async (t) => {
    const { krist } = await world(t);
    const handle = handleOf(krist);
    assert.deepEqual([handle.can("member:read"), handle.pass, handle.expired, handle.getSnapshot().state], [false, undefined, false, "pending"]);
    assert.throws(() => handle.canOrThrow("member:read"), { name: "GuildhallError", code: "unavailable" });
    const pass = await handle.ready;
    const { can, canAll, canAny, canOrThrow } = handle;
    assert.deepEqual([pass.userId, can("member:add"), can("organization:delete"), canAll(["member:read", "organization:delete"]), canAny(["member:read", "organization:delete"]), canOrThrow("member:add")], ["krist", true, false, false, true, true]);
    assert.match(handle.token, /^ey/);
  });

  test("never throws from `can`, whatever is asked", async (t) => {
    const { krist } = await world(t);
    const handle = handleOf(krist);
    for (let round = 0; round < 2; round += 1) {
      for (const odd of ["invoice:reed", undefined, null, 3, {}, Symbol("x")]) assert.deepEqual([handle.can(odd), handle.can("member:read", odd ?? "team"), handle.canAll(odd), handle.canAny([odd])], [false, false, false, false]);
      await handle.ready;
    }
    assert.throws(() => handle.canOrThrow("invoice:reed"), { code: "unknown_permission" });
  });

  test("is renewed before each end", async (t) => {
    const { krist, states, pass } = await world(t);
    const handle = handleOf(krist);
    await handle.ready;
    let gaps = 0;
    for (let left = 20; left > 0; left -= 1) {
      await pass(minute);
      if (!(await until(() => handle.can("member:read") && handle.pass.expiresAt - Date.now() >= 30 * second))) gaps += 1;
    }
    assert.equal(gaps, 0);
    assert.ok(states.asked >= 5 && states.asked <= 12, `${states.asked} passes in twenty minutes`);
  });

  test("says no after its end while there is no way to renew it, and yes once there is one", async (t) => {
    const { krist, states, pass } = await world(t);
    const handle = handleOf(krist);
    await handle.ready;
    states.answer = down;
    await pass(4 * minute);
    assert.deepEqual([handle.can("member:read"), handle.getSnapshot().state, handle.error?.code], [true, "ready", "unavailable"], "as long as it holds");
    await pass(2 * minute);
    assert.deepEqual([handle.can("member:read"), handle.expired, handle.pass.expired, handle.token, handle.getSnapshot().state, handle.getSnapshot().expired], [false, true, true, undefined, "expired", true]);
    assert.throws(() => handle.canOrThrow("member:read"), { code: "pass_expired" });
    assert.ok(states.asked < 40, `${states.asked} attempts in six minutes`);
    states.answer = undefined;
    await pass(minute);
    assert.ok(await until(() => handle.can("member:read")));
    assert.deepEqual([handle.expired, handle.error], [false, undefined]);
  });

  test("notices a sleep of the device at once when it wakes up", async (t) => {
    const { krist, states } = await world(t);
    const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
    const globals = { document: page, addEventListener: page.addEventListener.bind(page), removeEventListener: page.removeEventListener.bind(page) };
    Object.assign(globalThis, globals);
    t.after(() => { for (const name in globals) delete globalThis[name]; });
    for (const event of ["visibilitychange", "online", "pageshow", "focus"]) {
      const handle = handleOf(krist);
      const { expiresAt } = await handle.ready;
      t.mock.timers.setTime(expiresAt.getTime() + 300 * second);
      assert.equal(handle.can("member:read"), false);
      page.dispatchEvent(new Event(event));
      assert.ok(await until(() => handle.can("member:read") && handle.pass.expiresAt > expiresAt), event);
      // Set back, the clock would put everything off.
      const { asked } = states;
      t.mock.timers.setTime(Date.now() - 600 * second);
      page.dispatchEvent(new Event(event));
      assert.ok(await until(() => states.asked > asked), event);
      t.mock.timers.setTime(Date.now() + 600 * second);
      handle.close();
    }
  });

  test("is over at once when the installation refuses it, and comes back", async (t) => {
    const { krist, kurt, pass, states } = await world(t);
    const handle = handleOf(krist);
    await handle.ready;
    await kurt.organization("nirvana").members.remove("krist");
    await assert.rejects(handle.refresh(), { code: "not_found" });
    assert.deepEqual([handle.can("member:read"), handle.pass, handle.getSnapshot().state, handle.error.status], [false, undefined, "refused", 404]);
    const { asked } = states;
    await pass(4 * minute);
    assert.ok(states.asked - asked <= 9, "asked now and then");
    await kurt.organization("nirvana").members.add({ userId: "krist" });
    await pass(minute);
    assert.ok(await until(() => handle.can("member:read")));
    assert.equal(handle.can("member:add"), false);
  });

  test("goes on trying when the first attempt fails", async (t) => {
    const { krist, states, pass } = await world(t);
    for (const [answer, code, state] of [[down, "unavailable", "pending"], [problem(401, "unauthenticated"), "unauthenticated", "refused"], [problem(503, "unavailable"), "unavailable", "pending"]]) {
      states.answer = answer;
      const handle = handleOf(krist);
      await assert.rejects(handle.ready, { code });
      assert.equal(handle.getSnapshot().state, state);
      states.answer = undefined;
      await pass(minute);
      assert.ok(await until(() => handle.can("member:read")), code);
      handle.close();
    }
  });

  test("holds on a device whose clock is wrong", async (t) => {
    for (const ahead of [3600 * second, -3600 * second]) {
      const { krist, pass } = await world(t, { ahead });
      const handle = handleOf(krist);
      await handle.ready;
      assert.ok(handle.can("member:read"));
      await pass(6 * minute);
      assert.ok(await until(() => handle.can("member:read")), String(ahead));
      handle.close();
      t.mock.timers.reset();
    }
  });

  test("shares a new pass with handles of the same person, and with nobody else's", async (t) => {
    const { krist, kurt, states } = await world(t);
    const [one, two, other] = [handleOf(krist), handleOf(krist), handleOf(kurt)];
    await Promise.all([one.ready, two.ready, other.ready]);
    assert.equal(states.asked, 3);
    const [before, owners] = [two.pass, other.pass];
    t.mock.timers.tick(2 * second);
    const refreshed = one.refresh();
    assert.ok(await until(() => two.pass !== before && one.pass.issuedAt > before.issuedAt));
    t.mock.timers.tick(second);
    await refreshed;
    assert.deepEqual([two.pass.id, states.asked, other.pass], [one.pass.id, 4, owners]);
  });

  test("fits React's `useSyncExternalStore`", async (t) => {
    const { krist, states, pass } = await world(t);
    const handle = handleOf(krist);
    const { subscribe, getSnapshot, close } = handle;
    const seen = [];
    const stop = subscribe(() => seen.push(getSnapshot().state));
    assert.equal(getSnapshot(), getSnapshot());
    assert.ok(Object.isFrozen(getSnapshot()));
    await handle.ready;
    await settled();
    states.answer = down;
    await pass(6 * minute);
    const heard = seen.filter((state, place) => state !== seen[place - 1]);
    assert.deepEqual(heard, ["ready", "expired"]);
    stop();
    const { length } = seen;
    close();
    await settled();
    assert.equal(seen.length, length);
  });

  test("asks nothing any more once it is closed", async (t) => {
    const { krist, states, pass } = await world(t);
    const handle = handleOf(krist);
    await handle.ready;
    let told = 0;
    handle.subscribe(() => { told += 1; });
    handle.close();
    handle.close();
    await settled();
    const { asked } = states;
    await pass(10 * minute);
    assert.deepEqual([told, states.asked, handle.can("member:read"), handle.pass, handle.getSnapshot().state], [1, asked, false, undefined, "closed"]);
    assert.throws(() => handle.canOrThrow("member:read"), { code: "pass_handle_closed" });
    await assert.rejects(handle.refresh(), { code: "pass_handle_closed" });
    const early = handleOf(krist);
    early.close();
    await assert.rejects(early.ready, { code: "pass_handle_closed" });
  });

  test("asks with the options that it is given, and refuses those that it has not", async (t) => {
    const { krist } = await world(t);
    const own = handleOf(krist, { audience: "songs", expiresIn: 60, jwks: await krist.installation.keys() });
    const { audience, issuedAt, expiresAt } = await own.ready;
    assert.deepEqual([audience, expiresAt - issuedAt], ["songs", minute]);
    assert.throws(() => handleOf(krist, { organisation: "nirvana" }), { code: "unknown_field", param: "organisation" });
    for (const client of [undefined, {}, "https://guildhall.example"]) assert.throws(() => handleOf(client), { code: "invalid_value", param: "client" });
  });

  test("takes new keys when the installation has them", async (t) => {
    const first = await world(t);
    let { krist } = first;
    const moving = { organization: (id) => krist.organization(id), installation: { keys: (...words) => krist.installation.keys(...words) } };
    const handle = handleOf(moving);
    await handle.ready;
    t.mock.timers.reset();
    ({ krist } = await world(t));
    const before = handle.pass;
    const refreshed = handle.refresh();
    assert.ok(await until(() => handle.pass !== before));
    t.mock.timers.tick(second);
    assert.equal((await refreshed).userId, "krist");
    assert.ok(handle.can("member:read"));
  });
});
