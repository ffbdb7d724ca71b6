// A directory that is kept in IndexedDB: the packed package in Chromium, on a plain file server.
//
// Owns: reloads, several tabs, a browser that is killed, and a disk that is full. Never does: test a rule.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as later } from "node:timers/promises";
import { chromium } from "playwright-core";
import { findChromium } from "../../scripts/steps/chromium.mjs";
import { openPage } from "../harness/browser.mjs";
import { installed } from "../npm/support/installed.mjs";
import { serveFiles } from "../npm/support/served.mjs";

let files;
const ends = [];

before(async () => {
  const { folder } = await installed({ after: (end) => ends.push(end) });
  files = await serveFiles(folder);
  ends.push(() => files.close());
});
after(() => ends.forEach((end) => end()));

/** What a page does: each function takes the directory of a name, kept as long as the page lives. */
async function begin() {
  const { Directory } = await import("/node_modules/guildhall/directory/browser.js");
  const { createClient } = await import("/node_modules/guildhall/client/client.js");
  const directories = new Map();
  const directory = (name) => directories.get(name) ?? directories.set(name, new Directory({ persist: name })).get(name);
  const client = (name, token) => createClient({ fetch: directory(name).fetch, token });
  const refusal = (promise) => promise.then(() => "none", (error) => `${error.code} ${error.param} ${error.message.length > 0}`);
  globalThis.can = {
    Directory,
    found: async (name) => {
      const { token } = await createClient(directory(name)).dev.signIn({ userId: "kurt" });
      await client(name, token).organizations.create({ name: "Nirvana" });
      return token;
    },
    add: async ([name, token, userId]) => (await client(name, token).organization("nirvana").members.add({ userId })).userId,
    members: async ([name, token]) => {
      const all = [];
      for await (const { userId } of client(name, token).organization("nirvana").members.list()) all.push(userId);
      return all;
    },
    verify: async ([name, token]) => (await client(name, token).organization("nirvana").events.verify()).complete,
    status: async ([name, token]) => (await directory(name).fetch("/v1/me", { headers: { authorization: `Bearer ${token}` } })).status,
    refusal: async ([name]) => refusal(directory(name).fetch("/v1/me")),
    refusedToAdd: async ([name, token, userId]) => refusal(client(name, token).organization("nirvana").members.add({ userId })),
    close: (name) => directory(name).close(),
    forget: (name) => Directory.delete(name),
  };
}

/** Fills the room that a page has, with smaller and smaller things. */
async function fill() {
  const request = indexedDB.open("filler");
  request.onupgradeneeded = () => request.result.createObjectStore("things", { autoIncrement: true });
  await new Promise((resolve) => { request.onsuccess = resolve; });
  const put = (size) => new Promise((resolve, reject) => {
    const transaction = request.result.transaction("things", "readwrite");
    transaction.oncomplete = resolve;
    transaction.onabort = reject;
    transaction.objectStore("things").add(crypto.getRandomValues(new Uint8Array(size)));
  });
  for (let size = 65_536; size >= 1024; size /= 2) {
    for (let more = true; more; ) more = await put(size).then(() => true, () => false);
  }
}

/** Adds until one is refused: how many were added, and what was said then. */
async function refusedAmong(page, token, users) {
  for (const [added, userId] of users.entries()) {
    const said = await ask(page, "refusedToAdd", ["full", token, userId]);
    if (said !== "none") return { added, said };
  }
  return { added: users.length };
}

/** Asks a page to do something, by its name above. */
const ask = (page, what, argument) => page.evaluate(([what, argument]) => globalThis.can[what](argument), [what, argument]);

async function visit(page) {
  await page.goto(files.origin);
  await page.evaluate(begin);
  return page;
}

/** A browser with so many tabs of one origin. */
async function tabs(t, count) {
  const { page, context, close } = await openPage();
  t.after(close);
  const all = [page];
  while (all.length < count) all.push(await context.newPage());
  return Promise.all(all.map(visit));
}

const names = (prefix, count) => Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(3, "0")}`);

describe("a directory kept in IndexedDB", () => {
  test("is there after a reload, with its sessions", async (t) => {
    const [page] = await tabs(t, 1);
    const token = await ask(page, "found", "one");
    await ask(page, "add", ["one", token, "krist"]);
    await page.reload();
    await page.evaluate(begin);
    assert.deepEqual((await ask(page, "members", ["one", token])).sort(), ["krist", "kurt"]);
    await ask(page, "add", ["one", token, "dave"]);
    assert.equal(await ask(page, "verify", ["one", token]), true);
    assert.equal(await ask(page, "status", ["another", token]), 401, "another name is another directory");
  });

  test("is one in all tabs: what one was told is true in the others, and nothing is lost when all write", async (t) => {
    const all = await tabs(t, 3);
    const token = await ask(all[0], "found", "shared");
    await ask(all[1], "add", ["shared", token, "krist"]);
    assert.ok((await ask(all[2], "members", ["shared", token])).includes("krist"));
    const added = await Promise.all(all.flatMap((page, tab) => names(`tab${tab}`, 20).map((userId) => ask(page, "add", ["shared", token, userId]))));
    assert.equal(new Set(added).size, 60);
    for (const page of all) assert.equal((await ask(page, "members", ["shared", token])).length, 62);
    assert.equal(await ask(all[0], "verify", ["shared", token]), true);
  });

  test("is deleted under whoever has it open, who begins anew", async (t) => {
    const [one, other] = await tabs(t, 2);
    const token = await ask(one, "found", "gone");
    assert.equal(await ask(other, "status", ["gone", token]), 200);
    await ask(other, "forget", "gone");
    for (const page of [one, other]) assert.equal(await ask(page, "status", ["gone", token]), 401);
    const anew = await ask(one, "found", "gone");
    assert.equal(await ask(other, "status", ["gone", anew]), 200);
    await ask(one, "close", "gone");
    assert.equal(await ask(one, "refusal", ["gone"]), "directory_closed undefined true");
    assert.equal(await ask(other, "status", ["gone", anew]), 200);
  });

  test("begins with a snapshot once, and refuses to write over what it cannot read", async (t) => {
    const [page] = await tabs(t, 1);
    const counted = await page.evaluate(async () => {
      const { Directory } = globalThis.can;
      const source = await Directory.open();
      const body = (value) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });
      const { token } = await (await source.fetch("/dev/session", body({ userId: "kurt" }))).json();
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const found = ({ fetch }, name) => fetch("/v1/organizations", { ...body({ name }), headers });
      const count = async ({ fetch }) => (await (await fetch("/v1/organizations", { headers })).json()).data.length;
      await found(source, "Nirvana");
      const snapshot = await source.snapshot();
      const first = await Directory.open({ persist: "seeded", snapshot });
      await found(first, "Scream");
      await first.close();
      const again = await Directory.open({ persist: "seeded", snapshot });
      return [await count(source), await count(again)];
    });
    assert.deepEqual(counted, [1, 2]);
    const kept = await page.evaluate(async () => {
      const request = indexedDB.open("guildhall:seeded");
      await new Promise((resolve) => { request.onsuccess = resolve; });
      const change = async (change) => {
        const store = request.result.transaction("directory", "readwrite").objectStore("directory");
        const stored = store.get("snapshot");
        return new Promise((resolve) => { stored.onsuccess = () => { const text = change(stored.result); store.put(text, "snapshot").onsuccess = () => resolve(text); }; });
      };
      const later = await change((text) => text.replace('"version":2', '"version":3'));
      const code = await globalThis.can.Directory.open({ persist: "seeded" }).catch((error) => error.code);
      const same = (await change((text) => text)) === later;
      await change(() => undefined);
      const lost = await globalThis.can.Directory.open({ persist: "seeded" }).catch((error) => error.code);
      request.result.close();
      return [code, same, lost];
    });
    assert.deepEqual(kept, ["snapshot_too_new", true, "snapshot_invalid"]);
  });

  test("says that the disk is full, and then nothing has happened", async (t) => {
    const [page] = await tabs(t, 1);
    const session = await page.context().newCDPSession(page);
    const quota = (quotaSize) => session.send("Storage.overrideQuotaForOrigin", { origin: files.origin, ...(quotaSize && { quotaSize }) });
    await quota(4_000_000);
    const token = await ask(page, "found", "full");
    await page.evaluate(fill);
    const refusal = await refusedAmong(page, token, names("member", 200));
    assert.equal(refusal.said, "storage_full persist true");
    assert.deepEqual((await ask(page, "members", ["full", token])).length, 1 + refusal.added, "what was refused has not happened");
    await quota();
    // Chromium goes for a moment by the room that there was.
    while ((await ask(page, "refusedToAdd", ["full", token, "krist"])) !== "none") await later(50);
    assert.equal((await ask(page, "members", ["full", token])).length, 2 + refusal.added);
    assert.equal(await ask(page, "verify", ["full", token]), true);
  });

  const skip = process.platform !== "linux" && "the browser's process is found in /proc";
  test("has all that was acknowledged when the browser is killed in the middle of writing", { skip }, async () => {
    const profile = mkdtempSync(join(tmpdir(), "guildhall-kept-"));
    const launch = () => chromium.launchPersistentContext(profile, { executablePath: findChromium(), headless: true, args: ["--no-sandbox", "--disable-gpu"] });
    let token;
    let acknowledged = 0;
    for (let round = 0; round < 3; round += 1) {
      const context = await launch();
      const page = await visit(await context.newPage());
      token ??= await ask(page, "found", "killed");
      const members = await ask(page, "members", ["killed", token]);
      assert.ok(members.length - 1 >= acknowledged, `${members.length - 1} of ${acknowledged} are there`);
      assert.equal(await ask(page, "verify", ["killed", token]), true);
      acknowledged = members.length - 1;
      await page.exposeBinding("told", (_source, count) => { acknowledged = count; });
      const writing = page.evaluate(async ([token, from]) => {
        for (let count = from; ; count += 1) {
          await globalThis.can.add(["killed", token, `member-${count}`]);
          globalThis.told(count + 1);
        }
      }, [token, acknowledged]).catch(() => "killed");
      const begun = acknowledged;
      while (acknowledged < begun + 5) await later(5);
      kill(profile);
      assert.equal(await writing, "killed");
      await context.close().catch(() => {});
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
});

/** Kills the browser that this test has started: the one with its profile. */
function kill(profile) {
  const isOurs = (id) => {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
      return words.includes(`--user-data-dir=${profile}`) && !words.some((word) => word.startsWith("--type="));
    } catch {
      return false;
    }
  };
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).filter(isOurs);
  assert.ok(ids.length > 0, "no browser with that profile was found");
  ids.forEach((id) => process.kill(Number(id), "SIGKILL"));
}
