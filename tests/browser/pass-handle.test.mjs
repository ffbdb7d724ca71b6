// A pass that is kept fresh by several tabs of Chromium: one of them asks, all of them have it.
//
// Owns: tabs of one browser, before an installation in memory. Never does: test the life of one handle
// (`tests/npm/pass-handle.test.mjs` does).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPage } from "../harness/browser.mjs";
import { installed } from "../npm/support/installed.mjs";
import { serveFiles } from "./support/static.mjs";

const ends = [];
let browser;
let origin;
let tokens;
const states = { asked: 0, down: false };

before(async () => {
  const project = await installed({ after: (end) => ends.push(end) });
  const { Directory } = await project.import("directory/node.js");
  const { createClient } = await project.import("client/client.js");
  const { fetch } = new Directory();
  const signIn = async (userId) => (await createClient({ fetch }).dev.signIn({ userId })).token;
  tokens = { kurt: await signIn("kurt"), krist: await signIn("krist") };
  const kurt = createClient({ fetch, token: tokens.kurt });
  await kurt.organizations.create({ name: "Nirvana" });
  await kurt.organization("nirvana").members.add({ userId: "krist" });
  const counted = async (url, init) => {
    if (!url.endsWith("/passes")) return fetch(url, init);
    states.asked += 1;
    return states.down ? new Response("", { status: 503 }) : fetch(url, init);
  };
  const site = await serveFiles(counted);
  ({ origin } = site);
  ends.unshift(site.stop);
  browser = await openPage();
  ends.unshift(browser.close);
});
after(async () => { for (const end of ends) await end(); });

/** A tab with a handle for this token, once it has a pass. */
async function tab(token, options = {}) {
  const page = await browser.page.context().newPage();
  await page.goto(`${origin}/pkg/errors.js`);
  await page.evaluate(async ([token, options]) => {
    const { createClient } = await import("/pkg/client/client.js");
    const { createPassHandle } = await import("/pkg/pass/browser.js");
    globalThis.handle = createPassHandle({ client: createClient({ token, retries: 0 }), organization: "nirvana", ...options });
    await handle.ready;
  }, [token, options]);
  return page;
}

const idOf = (page) => page.evaluate(() => handle.pass?.id);
const close = (...pages) => Promise.all(pages.map((page) => page.close()));

test("a pass that one tab has renewed is every tab's of that person", async () => {
  const [one, two, other] = [await tab(tokens.krist), await tab(tokens.krist), await tab(tokens.kurt)];
  const [before, owners] = [await idOf(two), await idOf(other)];
  const { asked } = states;
  // Two passes of one second are equally new.
  await one.evaluate(() => new Promise((done) => setTimeout(done, 1100)));
  await one.evaluate(() => handle.refresh());
  await two.waitForFunction((id) => handle.pass.id !== id, before, { polling: 100 });
  assert.equal(await idOf(two), await idOf(one));
  assert.deepEqual([states.asked - asked, await idOf(other)], [1, owners]);
  await close(one, two, other);
});

test("tabs renew a pass by themselves, before its end, and one of them asks", async () => {
  const tabs = [await tab(tokens.krist, { expiresIn: 6 }), await tab(tokens.krist, { expiresIn: 6 }), await tab(tokens.krist, { expiresIn: 6 })];
  const before = await Promise.all(tabs.map(idOf));
  const { asked } = states;
  for (const [place, page] of tabs.entries()) await page.waitForFunction((id) => handle.pass.id !== id && handle.can("member:read"), before[place], { polling: 100 });
  assert.ok(states.asked - asked < 3, `${states.asked - asked} passes were asked for`);
  assert.deepEqual(await Promise.all(tabs.map((page) => page.evaluate(() => handle.expired))), [false, false, false]);
  await close(...tabs);
});

test("a page that comes back looks at once, and one that is offline says no after the end", async () => {
  const page = await tab(tokens.krist, { expiresIn: 2 });
  states.down = true;
  await page.waitForFunction(() => handle.getSnapshot().state === "expired", undefined, { polling: 100 });
  assert.deepEqual(await page.evaluate(() => [handle.can("member:read"), handle.expired, handle.getSnapshot().error.status]), [false, true, 503]);
  states.down = false;
  await page.waitForFunction(() => { globalThis.dispatchEvent(new Event("online")); return handle.can("member:read"); }, undefined, { polling: 500 });
  await page.close();
});
