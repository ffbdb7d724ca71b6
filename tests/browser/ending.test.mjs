// Ending an organization in the console: deleting, restoring and deactivating it.
//
// Owns: what the page says before and offers after. Never does: test the rules of deletion.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startConsole } from "./support/console.mjs";

const day = 24 * 60 * 60;

/** Kurt's Nirvana, open in Kurt's page. */
async function nirvana(t, settings) {
  const site = await startConsole(t, settings);
  const client = await site.client("kurt");
  await client.organizations.create({ name: "Nirvana" });
  const page = await site.visitor("/", { timezoneId: "UTC" });
  await page.signInAs("kurt");
  await page.heading("Nirvana").waitFor();
  return { site, client, page };
}

/** A day as the page writes it. */
const dayIn = (seconds) => new Date(Date.now() + seconds * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeZone: "UTC" });

async function deleteNirvana(page, word = "Delete") {
  await page.press("Delete…");
  await page.dialog().getByLabel("Type nirvana to confirm").fill("nirvana");
  await page.press(word, page.dialog());
  await page.told("Nirvana is deleted");
}

test("deleting says until when it can be restored, and restoring is offered at once", async (t) => {
  for (const [settings, grace] of [[{}, 30 * day], [{ DELETION_GRACE: String(7 * day) }, 7 * day], [{ DELETION_GRACE: String(400 * day) }, 400 * day]]) {
    const { page, client } = await nirvana(t, settings);
    await page.press("Delete…");
    const text = await page.dialog().innerText();
    assert.match(text, new RegExp(`Until ${dayIn(grace)}.* you can restore it`));
    assert.doesNotMatch(text, /bring it back/);
    await page.press("Cancel", page.dialog());
    assert.equal((await client.organization("nirvana").get()).state, "active", "asking changes nothing");
    await deleteNirvana(page);
    const card = page.section("Nirvana is deleted");
    await card.getByText("You can restore it until").getByText(dayIn(grace)).waitFor();
    await page.press("Restore Nirvana", card);
    await page.told("Nirvana is restored");
    await page.section("Nirvana").getByText("owner", { exact: true }).waitFor();
    assert.deepEqual(await page.complaints({ refusals: true }), []);
  }
});

test("a deleted organization stays in its owner's list, to be restored later", async (t) => {
  const { page } = await nirvana(t);
  await deleteNirvana(page);
  await page.page.reload();
  const list = page.section("My organizations");
  await list.getByText("You are in no active organization").waitFor();
  await list.getByLabel("Show inactive and deleted ones too").check();
  await list.getByText("deleted", { exact: true }).waitFor();
  await list.getByText(dayIn(30 * day)).waitFor();
  await page.press("Restore Nirvana", list);
  await page.told("Nirvana is restored");
  assert.deepEqual(await page.complaints({ refusals: true }), []);
});

test("what is past its time cannot be restored, and the page says so", async (t) => {
  const { page, site } = await nirvana(t, { DELETION_GRACE: "3600" });
  await deleteNirvana(page);
  site.later(3700);
  await page.press("Restore Nirvana", page.section("Nirvana is deleted"));
  await page.page.getByRole("alert").getByText("not_found").waitFor();
});

test("without a grace period deleting says that it cannot be taken back, and offers nothing after", async (t) => {
  const { page } = await nirvana(t, { DELETION_GRACE: "0" });
  await page.press("Delete…");
  await page.dialog().getByText("happens at once and cannot be taken back").waitFor();
  await page.press("Cancel", page.dialog());
  await deleteNirvana(page, "Delete for good");
  assert.equal(await page.page.getByRole("button", { name: /^Restore/ }).count(), 0);
});

test("who deletes another's organization is told that its owner can restore it", async (t) => {
  const { site, client } = await nirvana(t);
  await client.organization("nirvana").roles.create({ key: "undertaker", permissions: ["organization:read", "organization:delete"] });
  await client.organization("nirvana").members.add({ userId: "pat", roles: ["undertaker"] });
  const pat = await site.visitor();
  await pat.signInAs("pat");
  await pat.press("Delete…");
  await pat.dialog().getByText("its owner can restore it").waitFor();
  await pat.press("Cancel", pat.dialog());
  await deleteNirvana(pat);
  await pat.section("Nirvana is deleted").getByText("Its owner can restore it until").waitFor();
  assert.equal(await pat.page.getByRole("button", { name: /^Restore/ }).count(), 0);
});

test("deactivating asks first and says what it does", async (t) => {
  const { page, client } = await nirvana(t);
  const state = async () => (await client.organization("nirvana").get()).state;
  await page.press("Deactivate…");
  await page.dialog().getByText("Nothing in it can be changed").waitFor();
  await page.dialog().getByText("until it is activated again").waitFor();
  await page.press("Cancel", page.dialog());
  assert.equal(await state(), "active");
  await page.press("Deactivate…");
  await page.press("Deactivate", page.dialog());
  await page.told("Nirvana is deactivated");
  assert.equal(await state(), "inactive");
  await page.press("Activate");
  await page.told("Nirvana is active again");
});
