// The demo of passes, on a plain file server: no Worker, and after loading no network either.
//
// Owns: what a visitor sees and can do there. Never does: test a rule, or assert a time.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { at } from "../../scripts/steps/places.mjs";
import { openPage } from "../harness/browser.mjs";
import { serveFiles } from "./support/static.mjs";
import { Visitor } from "./support/visitor.mjs";

let files;
const open = [];

async function visitor(context, origin = files.origin) {
  const one = await Visitor.at(`${origin}/demo`, await openPage({ locale: "en-GB", ...context }));
  open.push(one);
  return one;
}

before(async () => {
  files = await serveFiles();
});

after(async () => {
  await Promise.all(open.map((one) => one.close()));
  await files?.stop();
});

test("without a network a pass is made, verified, asked, and not cheated with", async (t) => {
  const one = await visitor();
  const { page } = one;

  await t.test("it is believed with the network off", async () => {
    await one.offline(true);
    await page.getByText("network: off").waitFor();
    await one.press("Verify");
    await one.believed("The pass is believed, without a network.");
  });

  await t.test("somebody else's pass is made and believed, still without one", async () => {
    await page.getByRole("combobox", { name: "Who" }).selectOption({ label: "Dave" });
    await page.getByLabel("Organization").locator("option", { hasText: "Nirvana" }).waitFor({ state: "attached" });
    await page.getByLabel("Organization").selectOption({ label: "Nirvana" });
    await one.press("Get a pass");
    await one.section("2. Verify it").getByText("dave", { exact: true }).waitFor();
  });

  await t.test("each decision has its reason, and there is a filter", async () => {
    await page.getByLabel("Permission").fill("invoice:");
    await page.getByText("3 of 37 permissions, 0 of them allowed").waitFor();
    assert.equal(await one.decision("invoice:pay"), "no permission_denied No role held here allows it. – invoice:pay");
    await page.getByLabel("Where").selectOption({ label: "team Road" });
    await page.getByText("3 of 37 permissions, 2 of them allowed").waitFor();
    assert.match(await one.decision("invoice:pay"), /^yes granted_by_role /);
    await page.getByLabel("Show").selectOption({ label: "refused" });
    await page.getByText("1 of 37 permissions, 0 of them allowed").waitFor();
  });

  await t.test("every way to cheat is refused by its own code", async () => {
    for (const [label, code] of one.cheats) assert.equal(await one.cheat(label), code, label);
    await page.getByLabel("the passport of all memberships").check();
    await one.believed("The passport is believed, without a network.");
    for (const [label, code] of one.cheats.slice(0, 4)) assert.equal(await one.cheat(label), code, label);
    assert.equal(await one.button("Demand a newer version").count(), 0, "a passport speaks of many versions");
  });

  await t.test("nothing broke, and no policy was violated", async () => {
    assert.deepEqual(await one.complaints(), []);
  });
});

test("a million checks are timed beside a Map, and can be cancelled", async () => {
  const one = await visitor();
  await one.press("Time a million checks");
  await one.press("Cancel");
  await one.told("Cancelled.");
  assert.equal(await one.page.getByRole("progressbar").getAttribute("value"), "0");
  await one.press("Time a million checks");
  await one.told("Done, and all agree.");
  const rows = await one.page.locator(".results tbody tr").allInnerTexts();
  assert.deepEqual(rows.map((row) => row.split(/\s*\t/)[0]), ["JS Map", "pass.can", "JS Map of Maps", "passport.can", "checks().run()"]);
  for (const row of rows) assert.match(row, /\d ns/);
  assert.deepEqual(await one.complaints(), []);
});

test("whoever is signed in at the server gets a pass from there, and checks it here", async (t) => {
  const { Directory } = await import(pathToFileURL(at("pkg", "directory", "node.js")));
  const served = await serveFiles(new Directory().fetch);
  t.after(served.stop);
  const one = await visitor({}, served.origin);
  await one.post("/dev/session", { userId: "duder", email: "duder@testing.com" });
  await one.post("/v1/organizations", { name: "Testers" });
  await one.page.getByLabel("this server, as who I am in the console").check();
  await one.page.getByLabel("Organization").locator("option", { hasText: "Testers" }).waitFor({ state: "attached" });
  await one.press("Get a pass");
  await one.section("2. Verify it").getByText("duder", { exact: true }).waitFor();
  await one.page.getByText("32 of 32 permissions, 32 of them allowed").waitFor();
  await one.offline(true);
  await one.press("Verify");
  await one.believed("The pass is believed, without a network.");
  assert.deepEqual(await one.complaints(), []);
});

test("what goes wrong in the first form is said there, and taken away again", async (t) => {
  const { Directory } = await import(pathToFileURL(at("pkg", "directory", "node.js")));
  const served = await serveFiles(new Directory().fetch);
  t.after(served.stop);
  for (const [origin, code] of [[files.origin, "unknown"], [served.origin, "unauthenticated"]]) {
    const one = await visitor({}, origin);
    await one.page.getByLabel("this server, as who I am in the console").check();
    const problem = one.section("1. Get a pass").getByRole("alert");
    await problem.getByText(code, { exact: true }).waitFor();
    assert.equal(await one.button("Get a pass").isDisabled(), true);
    await one.page.getByLabel("a little world in this tab").check();
    await problem.waitFor({ state: "detached" });
    await one.press("Get a pass");
    await one.believed("The pass is believed");
    assert.deepEqual((await one.complaints()).filter((complaint) => !complaint.includes("Failed to load resource")), []);
  }
});

test("on a phone nothing is wider than the window", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const one = await visitor({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme });
    await one.cheat("Change one character");
    await one.page.getByLabel("the passport of all memberships").check();
    await one.page.getByText("What it says").click();
    await one.press("Time a million checks");
    await one.told("Done, and all agree.");
    assert.equal(await one.overflows(), false, colorScheme);
    assert.deepEqual(await one.complaints(), []);
  }
});

test("with the keyboard alone: in the page's order, always in sight", async () => {
  const one = await visitor();
  const { keyboard } = one.page;
  const stops = [
    "world", "who", "organization", "Get a pass", "pass", "token", "What it says", "Verify",
    "Change one character", "Time a million checks", "place", "text", "only",
  ];
  const reached = [];
  for (const name of stops) {
    reached.push(await one.tabTo(name));
    assert.equal(await one.focusIsVisible(), true, name);
    if (["Verify", "Change one character"].includes(name)) await keyboard.press("Enter");
  }
  assert.deepEqual(reached, [...reached].sort((a, b) => a - b), "the order on the page is the order of the keys");
  await one.page.locator("#refusals").getByText("pass_invalid").waitFor();
  await keyboard.press("Shift+Tab");
  await keyboard.type("audit");
  await one.page.getByText("1 of 37 permissions").waitFor();
  assert.deepEqual(await one.complaints(), []);
});
