// Roles in the console: changing them keeps the others, and lacking some hides what they would show.
//
// Owns: what a person sees and can do with their roles. Never does: test a rule; the console asks the server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startConsole } from "./support/console.mjs";

/** Kurt's Nirvana with two roles of its own and three members. */
async function nirvana(t) {
  const site = await startConsole(t);
  const kurt = await site.client("kurt");
  await kurt.organizations.create({ name: "Nirvana" });
  const here = kurt.organization("nirvana");
  await here.roles.create({ key: "billing", name: "Billing", permissions: ["member:read", "organization:read"] });
  await here.roles.create({ key: "sound", name: "Sound", permissions: ["organization:read"] });
  for (const [userId, roles] of [["krist", ["member", "billing"]], ["dave", ["admin", "billing", "sound"]], ["pat", ["billing"]]]) {
    await here.members.add({ userId, name: userId, email: `${userId}@example.com`, roles });
  }
  const stored = async (userId) => [...(await here.members.get(userId)).roles].sort();
  return { site, here, stored };
}

test("changing a member between member and admin keeps every other role", async (t) => {
  const { site, stored } = await nirvana(t);
  const page = await site.visitor();
  await page.signInAs("kurt");
  for (const [who, button, told, roles] of [
    ["krist", "Make admin", "krist is admin now", ["admin", "billing"]],
    ["krist", "Make member", "krist is member now", ["billing", "member"]],
    ["dave", "Make member", "dave is member now", ["billing", "member", "sound"]],
    ["pat", "Make admin", "pat is admin now", ["admin", "billing"]],
  ]) {
    await page.press(`${button}: ${who}`);
    await page.told(told);
    assert.deepEqual(await stored(who), roles, `${button}: ${who}`);
    assert.deepEqual(await page.rolesOf(who), roles, `${button}: ${who}`);
  }
  assert.deepEqual(await page.complaints(), []);
});

test("a member's roles are check marks, the organization's own among them", async (t) => {
  const { site, stored } = await nirvana(t);
  const page = await site.visitor();
  await page.signInAs("kurt");
  const box = (name) => page.dialog().getByLabel(name, { exact: true });
  await page.press("Roles of krist");
  assert.deepEqual(await page.dialog().getByRole("checkbox").evaluateAll((boxes) => boxes.map(({ value, checked }) => `${value} ${checked}`)), ["admin false", "member true", "billing true", "sound false"]);
  await box("Sound (sound)").check();
  await box("Member (member)").or(box("member")).uncheck();
  await page.press("Save", page.dialog());
  await page.told("krist is billing, sound now");
  assert.deepEqual(await stored("krist"), ["billing", "sound"]);
  await page.press("Roles of krist");
  await box("Sound (sound)").uncheck();
  await box("Billing (billing)").uncheck();
  assert.equal(await page.button("Save", page.dialog()).isDisabled(), true, "a member has at least one role");
  await page.press("Cancel", page.dialog());
  assert.deepEqual(await stored("krist"), ["billing", "sound"]);
});

test("a role given meanwhile by another admin is not taken away", async (t) => {
  const { site, here, stored } = await nirvana(t);
  const page = await site.visitor();
  await page.signInAs("kurt");
  await page.row("Members", "krist").waitFor();
  await here.members.update("krist", { roles: ["member", "billing", "sound"] });
  await page.press("Make admin: krist");
  await page.page.getByRole("alert").getByText("version_mismatch").waitFor();
  assert.deepEqual(await stored("krist"), ["billing", "member", "sound"]);
  await page.press("Make admin: krist");
  await page.told("krist is admin now");
  assert.deepEqual(await stored("krist"), ["admin", "billing", "sound"]);
});

test("each panel shows what the caller's roles allow, and the page says what is hidden", async (t) => {
  const { site, here } = await nirvana(t);
  const cases = {
    reader: { permissions: ["organization:read"], hidden: ["member:read", "invitation:read", "member:add", "domain:read"], members: false },
    lister: { permissions: ["member:read"], hidden: ["organization:read", "invitation:read", "member:add", "domain:read"], members: true },
    inviter: { permissions: ["organization:read", "invitation:read", "invitation:create"], hidden: ["member:read", "member:add", "domain:read"], members: false },
    nothing: { permissions: [], hidden: ["organization:read", "member:read", "invitation:read", "member:add", "domain:read"], members: false },
  };
  await here.invitations.create({ email: "lori@example.com" });
  for (const [key, { permissions }] of Object.entries(cases)) {
    await here.roles.create({ key, permissions });
    await here.members.add({ userId: `a-${key}`, roles: [key] });
  }
  for (const [key, { permissions, hidden, members }] of Object.entries(cases)) {
    const page = await site.visitor();
    await page.signInAs(`a-${key}`);
    await page.heading("Nirvana").waitFor();
    const line = await page.page.locator("#organization-hidden").innerText();
    assert.deepEqual([...line.matchAll(/[a-z]+:[a-z]+/g)].map(([name]) => name), hidden, key);
    assert.equal((await page.row("Members", "krist").count()) > 0, members, key);
    assert.equal(await page.section("Members").getByText("member:read").isVisible(), !members, key);
    const reads = permissions.includes("invitation:read");
    assert.equal(await page.row("Invitations", "lori@example.com").isVisible(), reads, key);
    assert.equal(await page.section("Invitations").getByText("invitation:read").isVisible(), !reads, key);
    const refused = await page.page.locator("#invite-refused").innerText();
    assert.match(refused, permissions.includes("invitation:create") ? /cannot_grant/ : /permission_denied/, key);
    assert.equal(await page.button("Leave").isEnabled(), true, key);
    assert.deepEqual(await page.complaints({ refusals: true }), [], key);
  }
});
