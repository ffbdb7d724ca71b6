// The links of mails: each leads to the action that its mail speaks of, and none leaves a token behind.
//
// Owns: one way through for every kind of mail. Never does: test a rule, or the words of a mail.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { startConsole } from "./support/console.mjs";

const day = 24 * 60 * 60;

/** Kurt's Nirvana with Krist as its admin. */
async function nirvana(t) {
  const site = await startConsole(t);
  const kurt = await site.client("kurt");
  await kurt.organizations.create({ name: "Nirvana" });
  const here = kurt.organization("nirvana");
  const { token } = await here.invitations.create({ email: "krist@example.com", roles: ["admin"], notify: false });
  await (await site.client("krist")).invitations.accept({ token });
  return { site, here };
}

/** Rule: no token is left in the address, the history or, once it has been answered, the storage. */
async function assertNoToken(page, { kept = false } = {}) {
  const left = await page.page.evaluate(() => {
    const document_ = document.documentElement.cloneNode(true);
    // A development server's page shows the mails themselves.
    document_.querySelector("#outbox").remove();
    return [location.href, JSON.stringify(history.state), document_.outerHTML, ...document.querySelectorAll("input").values().map((field) => field.value)];
  });
  assert.doesNotMatch(left.join(" "), /gh[ilr]_/);
  const storage = await page.page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  assert.equal(/gh[ilr]_/.test(storage), kept, storage);
}

/** What the history holds: each entry's address, newest last. */
async function historyOf(page) {
  const session = await page.opened.context.newCDPSession(page.page);
  const { entries } = await session.send("Page.getNavigationHistory");
  return entries.map(({ url }) => url);
}

test("every kind of mail that the server sends has a link here that was tried", () => {
  const { schemas } = JSON.parse(readFileSync(at("src", "wire", "openapi", "installation.json"), "utf8"));
  const tried = readFileSync(at("tests", "browser", "links.test.mjs"), "utf8");
  const untried = schemas.Mail.fields.kind.words.filter((kind) => !tried.includes(`"${kind}"`));
  assert.deepEqual(untried, []);
});

test("an invitation: signed out, it waits through sign-in, and then it is accepted", async (t) => {
  const { site, here } = await nirvana(t);
  await here.invitations.create({ email: "dave@example.com", roles: ["member"], message: "We need a drummer" });
  const { path } = await site.mail("invitation");
  const page = await site.visitor(path);
  await page.heading("You are invited to Nirvana").waitFor();
  await assertNoToken(page, { kept: true });
  await page.page.reload();
  await page.heading("You are invited to Nirvana").waitFor();
  await page.signInAs("dave");
  await page.press("Join as Dave");
  await page.told("You are a member of Nirvana");
  await assertNoToken(page);
  assert.deepEqual((await historyOf(page)).filter((url) => url.includes("gh")), []);
  assert.deepEqual(await page.complaints({ refusals: true }), []);
});

test("a link for many leads in each who opens it, and says for whom it is", async (t) => {
  const { site, here } = await nirvana(t);
  const { token } = await here.links.create({ roles: ["member"], allowedDomains: ["example.com"] });
  const page = await site.visitor(`/#invitation=${token}`);
  await page.heading("You are invited to Nirvana").waitFor();
  await page.page.getByText("Kurt invites everyone who has this link").waitFor();
  await page.page.getByText("It is for verified addresses at example.com").waitFor();
  await assertNoToken(page, { kept: true });
  await page.signInAs("dave");
  assert.equal(await page.button("Decline").count(), 0, "it asks nobody in particular");
  await page.press("Join as Dave");
  await page.told("You are a member of Nirvana");
  await assertNoToken(page);
  for (const [change, state] of [[{ disabled: true }, "disabled"], [{ disabled: false, maxUses: 1 }, "used"]]) {
    const [link] = (await here.links.list().page()).data;
    await here.links.update(link.id, change);
    const late = await site.visitor(`/#invitation=${token}`);
    await late.page.locator("#invited").getByText(new RegExp(state)).first().waitFor();
    assert.equal(await late.page.getByRole("button", { name: /^Join as/ }).count(), 0, state);
    await assertNoToken(late, { kept: await late.page.getByText("cannot be answered any more").isVisible() });
  }
});

test("a registration is confirmed by the person who signs in", async (t) => {
  const { site } = await nirvana(t);
  await site.anonymous.registrations.create({ organizationName: "Sub Pop", email: "bruce@example.com" });
  const { path } = await site.mail("registration");
  const page = await site.visitor(path);
  await page.heading("Confirm your registration").waitFor();
  await assertNoToken(page, { kept: true });
  await page.signInAs("bruce");
  await page.press("Take it over as Bruce");
  await page.told("You own Sub Pop now");
  await page.section("Sub Pop").getByText("owner", { exact: true }).waitFor();
  await assertNoToken(page);
  const again = await site.visitor(path);
  await again.signInAs("pat");
  await again.press("Take it over as Pat");
  await again.page.getByRole("alert").getByText("registration_used").waitFor();
  assert.equal(await again.page.getByRole("button", { name: /^Take it over/ }).count(), 0);
  await assertNoToken(again);
});

test("a registration whose slug is taken meanwhile asks for another one", async (t) => {
  const { site } = await nirvana(t);
  await site.anonymous.registrations.create({ organizationName: "Sub Pop", slug: "sub-pop", email: "bruce@example.com" });
  const { path } = await site.mail("registration");
  await (await site.client("pat")).organizations.create({ name: "Sub Pop", slug: "sub-pop" });
  const page = await site.visitor(path);
  await page.signInAs("bruce");
  await page.press("Take it over as Bruce");
  await page.page.getByRole("alert").getByText("slug_taken").waitFor();
  await page.page.getByLabel("Another slug").fill("sub-pop-records");
  await page.press("Take it over as Bruce");
  await page.told("You own Sub Pop now");
  await page.section("Sub Pop").getByText("sub-pop-records").first().waitFor();
});

test("an offer of ownership is accepted, declined and taken back where its mail leads", async (t) => {
  const { site, here } = await nirvana(t);
  await here.ownership.transfer({ userId: "krist", requireAcceptance: true });
  const { path } = await site.mail("ownership_offered");
  const krist = await site.visitor(path);
  await krist.signInAs("krist");
  await krist.heading("You are asked to take over Nirvana").waitFor();
  assert.equal(await krist.page.evaluate(() => document.activeElement.id), "offer-heading");
  await krist.press("Decline", krist.section("You are asked to take over Nirvana"));
  await krist.told("You do not take Nirvana over");
  const kurt = await site.visitor((await site.mail("ownership_declined")).path);
  await kurt.signInAs("kurt");
  await kurt.section("Nirvana").getByText("owner", { exact: true }).waitFor();
  await here.ownership.transfer({ userId: "krist", requireAcceptance: true });
  await kurt.page.reload();
  await kurt.heading("Krist is asked to take over").waitFor();
  await kurt.press("Take back");
  await kurt.told("is taken back");
  await krist.page.goto(site.origin + (await site.mail("ownership_withdrawn")).path);
  await krist.heading("Nirvana").waitFor();
  assert.equal(await krist.button("Take over").isVisible(), false);
  await here.ownership.transfer({ userId: "krist", requireAcceptance: true });
  // The same address as the page has: the mail is opened in the tab that shows the organization.
  await krist.page.evaluate((hash) => { location.hash = ""; location.hash = hash; }, new URL((await site.mail("ownership_offered")).link).hash);
  await krist.press("Take over");
  await krist.told("You own Nirvana now");
  for (const kind of ["ownership_accepted"]) {
    await kurt.page.goto("about:blank");
    await kurt.page.goto(site.origin + (await site.mail(kind)).path);
    await kurt.heading("Nirvana").waitFor();
    await kurt.row("Members", "Krist").getByText("owner", { exact: true }).waitFor();
  }
});

test("a request to join is approved and denied where its mail leads", async (t) => {
  const { site, here } = await nirvana(t);
  await here.update({ joinRequests: "open" });
  for (const userId of ["dave", "pat"]) await (await site.client(userId)).organization("nirvana").joinRequests.create({ message: `I am ${userId}` });
  const { path } = await site.mail("join_request_received");
  const kurt = await site.visitor(path);
  await kurt.signInAs("kurt");
  await kurt.row("Requests to join", "Dave").getByText("I am dave").waitFor();
  assert.equal(await kurt.page.evaluate(() => document.activeElement.id), "requests-heading");
  await kurt.press("Approve: Dave");
  await kurt.told("Dave is a member now");
  await kurt.press("Deny: Pat");
  await kurt.told("The request of Pat is denied");
  assert.equal(await kurt.section("Requests to join").isVisible(), false);
  const dave = await site.visitor((await site.mail("join_request_approved")).path);
  await dave.signInAs("dave");
  await dave.heading("Nirvana").waitFor();
  const over = await site.mail("join_request_denied");
  assert.equal(over.link, null, "what is over has no link");
  assert.doesNotMatch(over.text, /http/);
});

test("a domain whose record is missing is looked for again where its mail leads", async (t) => {
  const { site, here } = await nirvana(t);
  const domain = await here.domains.create({ name: "nirvana.example" });
  const say = (txt) => site.anonymous.dev.dns({ name: domain.record.name, txt });
  await say([domain.record.value]);
  await here.domains.verify(domain.id);
  await say([]);
  for (const [kind, days] of [["domain_missing", 8], ["domain_lapsed", 30]]) {
    for (let passed = 0; passed < days; passed += 1) {
      site.later(day);
      await site.directory.tick();
    }
    const kurt = await site.visitor((await site.mail(kind)).path);
    await kurt.signInAs("kurt");
    await kurt.row("Domains", "nirvana.example").getByText(domain.record.name).waitFor();
    assert.equal(await kurt.page.evaluate(() => document.activeElement.id), "domains-heading", kind);
    await kurt.press("Look for the record of nirvana.example");
    await kurt.page.getByRole("alert").getByText("domain_not_proven").waitFor();
    await say([domain.record.value]);
    await kurt.press("Look for the record of nirvana.example");
    await kurt.told("nirvana.example is verified");
    await say([]);
  }
});

test("mails that only tell lead to their organization", async (t) => {
  const { site, here } = await nirvana(t);
  await here.ownership.transfer({ userId: "krist", requireAcceptance: true, expiresIn: 60 });
  site.later(120);
  await site.directory.tick();
  const { token } = await here.invitations.create({ email: "dave@example.com", notify: false });
  await (await site.client("dave")).invitations.accept({ token });
  await here.members.add({ userId: "pat", email: "pat@example.com" });
  for (const [kind, userId] of [["member_added", "pat"], ["invitation_accepted", "kurt"], ["ownership_expired", "kurt"]]) {
    const page = await site.visitor((await site.mail(kind)).path);
    await page.signInAs(userId);
    await page.heading("Nirvana").waitFor();
    assert.equal(await page.page.evaluate(() => document.activeElement.id), "organization-name", kind);
  }
  await here.ownership.transfer({ userId: "krist" });
  const krist = await site.visitor((await site.mail("ownership_received")).path);
  await krist.signInAs("krist");
  await krist.section("Nirvana").getByText("owner", { exact: true }).waitFor();
  await (await site.client("krist")).organization("nirvana").members.remove("dave");
  const over = await site.mail("member_removed");
  assert.equal(over.link, null, "what is over has no link");
  assert.doesNotMatch(over.text, /http/);
});

test("a token leaves the address before anything else is fetched, also in a tab that is open, and one that is none too", async (t) => {
  const { site, here } = await nirvana(t);
  await here.invitations.create({ email: "dave@example.com" });
  const { path } = await site.mail("invitation");
  const page = await site.visitor();
  await page.page.route("**/app/main.js", (route) => route.abort());
  await page.page.goto("about:blank");
  await page.page.goto(site.origin + path);
  assert.equal(await page.page.evaluate(() => location.hash), "");
  await page.page.unroute("**/app/main.js");
  for (const hash of [new URL(site.origin + path).hash, "#registration=ghr_none", "#invitation=ghl_none", "#invitation=", "#organization=x&invitation=ghi_none"]) {
    await page.page.goto(site.origin);
    await page.page.evaluate((to) => { location.hash = to; }, hash);
    await page.page.waitForFunction(() => location.hash === "");
    await page.page.waitForTimeout(50);
  }
  assert.deepEqual((await historyOf(page)).filter((url) => /gh[ilr]_|invitation=/.test(url)), []);
});
