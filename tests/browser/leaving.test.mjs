// Signing out, and another person in the same browser: nothing of one person is left for the next.
//
// Owns: what stays on the page, in its storage and in its address. Never does: test the session itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startConsole } from "./support/console.mjs";

/** What of a page could tell of an earlier person: its text, fields, address, storage and open dialogs. */
const traces = (page) => page.page.evaluate(() => ({
  html: document.documentElement.outerHTML,
  fields: [...document.querySelectorAll("input:not([type=checkbox]), select")].map((field) => field.value).join(" "),
  invalid: document.querySelectorAll("[aria-invalid], [aria-busy], dialog[open], [role=alert]").length,
  hash: location.hash,
  kept: JSON.stringify({ ...sessionStorage, ...localStorage }),
}));

async function assertClean(page, what) {
  const found = await traces(page);
  assert.doesNotMatch(JSON.stringify(found), /lori|seattle|chad|gh[ilrs]_/i, what);
  assert.deepEqual([found.invalid, found.hash, found.kept], [0, "", "{}"], what);
}

/** Lori, signed in, with Seattle open. */
async function lori(t) {
  const site = await startConsole(t);
  const client = await site.client("lori");
  await client.organizations.create({ name: "Seattle" });
  const page = await site.visitor();
  await page.signInAs("lori");
  await page.heading("Seattle").waitFor();
  return { site, client, page };
}

test("at sign-out goes what was shown, typed, refused and kept", async (t) => {
  const { site, page } = await lori(t);
  const invitations = page.section("Invitations");
  await page.invite("chad@example.com", "member");
  await page.page.getByText("Create an organization", { exact: true }).click();
  await page.page.locator("#create-form").getByLabel("Name", { exact: true }).fill("Seattle");
  await page.page.locator("#create-form").getByLabel("Slug").fill("seattle");
  await page.press("Create");
  await page.page.getByRole("alert").getByText("slug_taken").waitFor();
  await invitations.getByLabel("Email").fill("lori@example.com");
  await page.press("Invite", invitations);
  await page.page.getByRole("alert").getByText("already_member").waitFor();
  await invitations.getByLabel("Message").fill("Dear Chad");
  await page.signOut();
  await assertClean(page, "after signing out");
  await page.signInAs("pat");
  await page.page.getByText("You are in no active organization").waitFor();
  assert.doesNotMatch(await page.page.locator("main > :not(#outbox)").allInnerTexts().then(String), /lori|seattle|chad/i);
  assert.equal(await page.page.getByRole("alert").count(), 0);
  await page.signOut();
  assert.equal((await site.mail("invitation")).to, "chad@example.com");
});

test("a link that waits for an answer goes at sign-out", async (t) => {
  const { site, client, page } = await lori(t);
  await client.organization("seattle").invitations.create({ email: "lori+other@example.com" });
  const { path } = await site.mail("invitation");
  await page.page.goto(site.origin + path);
  await page.heading("You are invited to Seattle").waitFor();
  await page.signOut();
  await assertClean(page, "after signing out");
  await page.page.reload();
  await page.heading("Sign in").waitFor();
  assert.equal(await page.heading("You are invited to Seattle").count(), 0);
});

test("an answer that comes after sign-out is dropped, be it good or a refusal", async (t) => {
  for (const status of [200, 403, 401]) {
    const { page } = await lori(t);
    let let_go;
    const held = new Promise((resolve) => { let_go = resolve; });
    await page.page.route("**/v1/organizations/*", async (route) => {
      const answer = await route.fetch();
      await held;
      await route.fulfill(status === 200 ? { response: answer } : { status, contentType: "application/problem+json", body: `{"code":"seattle_refused","title":"lori","status":${status}}` });
    });
    await page.press("Seattle", page.section("My organizations"));
    await page.signOut();
    await page.signInAs("pat");
    let_go();
    await page.page.waitForTimeout(300);
    assert.equal(await page.heading("Seattle").count(), 0, String(status));
    assert.equal(await page.page.getByRole("alert").count(), 0, String(status));
    await page.page.getByText("(you)").or(page.page.getByText("You are in no active organization")).first().waitFor();
    await page.signOut();
    await assertClean(page, String(status));
  }
});

test("a write whose answer is lost is not sent again as the next person", async (t) => {
  const { page } = await lori(t);
  const sent = [];
  let let_go;
  const held = new Promise((resolve) => { let_go = resolve; });
  await page.page.route("**/v1/organizations", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    sent.push(route.request().postData());
    await held;
    await route.abort();
  });
  await page.page.getByText("Create an organization", { exact: true }).click();
  await page.page.locator("#create-form").getByLabel("Name", { exact: true }).fill("Chad's");
  await page.press("Create");
  await page.signOut();
  await page.signInAs("pat");
  let_go();
  await page.page.waitForTimeout(300);
  assert.equal(sent.length, 1);
  assert.equal(await page.page.getByRole("alert").count(), 0);
});

test("a question that is open at sign-out is closed, and answered with no", async (t) => {
  const { client, page } = await lori(t);
  await page.press("Delete…");
  await page.dialog().waitFor();
  await page.page.evaluate(() => document.querySelector("#sign-out").click());
  await page.heading("Sign in").waitFor();
  await assertClean(page, "after signing out");
  assert.equal((await client.organization("seattle").get()).state, "active");
});

test("another person who signs in in another tab takes over every tab of the browser", async (t) => {
  const { site, page } = await lori(t);
  const second = await page.opened.context.newPage();
  await second.goto(site.origin);
  await second.getByRole("button", { name: "Sign out" }).click();
  await page.heading("Sign in").waitFor();
  await assertClean(page, "signed out elsewhere");
  await second.locator("#sign-in-form").locator("xpath=..").locator("summary").click();
  await second.locator("#sign-in-form [name=userId]").fill("pat");
  await second.locator("#sign-in-form [name=email]").fill("pat@example.com");
  await second.locator("#sign-in-form button").click();
  await page.page.locator("#who").getByText("pat").first().waitFor();
  await page.page.getByText("You are in no active organization").waitFor();
});

test("a session that was exchanged behind the page's back shows nothing of the first person", async (t) => {
  const { page } = await lori(t);
  await page.page.evaluate(() => fetch("/dev/session", { method: "POST", headers: { "content-type": "application/json" }, body: `{"userId":"pat","name":"Pat"}` }));
  await page.press("Seattle", page.section("My organizations"));
  await page.section("My organizations").getByText("You are in no active organization").waitFor();
  await page.told("This browser is signed in as Pat now");
  assert.doesNotMatch(await page.page.locator("main > :not(#outbox)").allInnerTexts().then(String), /lori|seattle/i);
  assert.equal(await page.page.getByRole("alert").count(), 0);
});

test("a session that has run out ends the visit", async (t) => {
  const { page } = await lori(t);
  await page.page.evaluate(() => fetch("/dev/session", { method: "DELETE" }));
  await page.section("Invitations").getByLabel("Email").fill("chad@example.com");
  await page.press("Invite", page.section("Invitations"));
  await page.heading("Sign in").waitFor();
  await page.told("Your session has ended");
  await assertClean(page, "run out");
});

test("the demo gives back a pass of the server's when the person signs out in the console", async (t) => {
  const { site, page } = await lori(t);
  const demo = await page.opened.context.newPage();
  await demo.goto(`${site.origin}/demo`);
  await demo.getByText("The pass is believed").waitFor();
  await demo.getByLabel("this server, as who I am in the console").check();
  await demo.getByLabel("Organization").locator("option", { hasText: "Seattle" }).waitFor({ state: "attached" });
  await demo.getByRole("button", { name: "Get a pass" }).click();
  await demo.getByText("lori", { exact: true }).waitFor();
  await page.signOut();
  await demo.getByText("lori", { exact: true }).waitFor({ state: "detached" });
  await demo.getByText("The pass is believed").waitFor();
  assert.doesNotMatch(await demo.locator("body").innerText(), /lori|seattle/i);
});
