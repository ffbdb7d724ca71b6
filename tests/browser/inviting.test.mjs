// Inviting in the console: an open invitation is not replaced unasked, and members are not invited to what they are in.
//
// Owns: the questions that the page asks. Never does: test the rules of invitations.

import assert from "node:assert/strict";
import { test } from "node:test";
import { startConsole } from "./support/console.mjs";

/** Kurt's Nirvana, open in Kurt's page, which does not show what is invited later. */
async function nirvana(t) {
  const site = await startConsole(t);
  const client = await site.client("kurt");
  await client.organizations.create({ name: "Nirvana" });
  const here = client.organization("nirvana");
  const open = async () => (await here.invitations.list({ state: "pending" }).page()).data.map(({ email, roles }) => `${email} ${roles}`);
  const page = async (userId = "kurt") => {
    const one = await site.visitor();
    await one.signInAs(userId);
    await one.heading("Nirvana").waitFor();
    return one;
  };
  return { site, here, open, page };
}

async function fill(page, email, role) {
  const invitations = page.section("Invitations");
  await invitations.getByLabel("Email").fill(email);
  await invitations.getByLabel("Role").selectOption(role);
  await page.press("Invite", invitations);
}

test("an open invitation with other roles is replaced only when the person says so", async (t) => {
  const { here, open, page } = await nirvana(t);
  await here.roles.create({ key: "billing", permissions: ["organization:read"] });
  await here.invitations.create({ email: "krist@example.com", roles: ["admin"] });
  await here.invitations.create({ email: "dave@example.com", roles: ["member", "billing"] });
  const kurt = await page();
  for (const [email, role, before] of [["krist@example.com", "member", "admin"], ["Dave@Example.com", "admin", "billing, member"], ["dave@example.com", "member", "billing, member"]]) {
    await fill(kurt, email, role);
    await kurt.dialog().getByText("has an open invitation").waitFor();
    const text = await kurt.dialog().innerText();
    for (const word of before.split(", ")) assert.ok(text.includes(word), `${text} names ${word}`);
    await kurt.press("Cancel", kurt.dialog());
    assert.deepEqual((await open()).sort(), ["dave@example.com billing,member", "krist@example.com admin"].sort(), email);
  }
  await fill(kurt, "krist@example.com", "member");
  await kurt.press("Replace it", kurt.dialog());
  await kurt.told("krist@example.com is invited");
  assert.ok((await open()).includes("krist@example.com member"));
});

test("the question is asked too when the page does not show the open invitation", async (t) => {
  const { here, open, page } = await nirvana(t);
  const kurt = await page();
  await here.invitations.create({ email: "krist@example.com", roles: ["admin"] });
  await fill(kurt, "krist@example.com", "member");
  await kurt.dialog().getByText("krist@example.com has an open invitation").waitFor();
  await kurt.press("Cancel", kurt.dialog());
  assert.deepEqual(await open(), ["krist@example.com admin"]);
});

test("the same roles are sent again without a question, and a closed invitation is in no way", async (t) => {
  const { here, open, page } = await nirvana(t);
  await here.invitations.create({ email: "krist@example.com", roles: ["member"] });
  const { id } = await here.invitations.create({ email: "dave@example.com", roles: ["admin"] });
  await here.invitations.revoke(id);
  const kurt = await page();
  await kurt.invite("krist@example.com", "member");
  await kurt.invite("dave@example.com", "member");
  await kurt.invite("pat@example.com", "admin");
  assert.deepEqual((await open()).sort(), ["dave@example.com member", "krist@example.com member", "pat@example.com admin"]);
});

test("a member who opens an invitation to their own organization is told that they are in", async (t) => {
  const { site, here } = await nirvana(t);
  const { token } = await here.links.create({});
  await here.invitations.create({ email: "krist@example.com" });
  const { path } = await site.mail("invitation");
  for (const opened of [path, `/#invitation=${token}`]) {
    const kurt = await site.visitor();
    await kurt.signInAs("kurt");
    await kurt.page.goto("about:blank");
    await kurt.page.goto(site.origin + opened);
    await kurt.page.getByText("You are a member of Nirvana already").waitFor();
    assert.equal(await kurt.page.getByRole("button", { name: /^(Join as|Decline)/ }).count(), 0, opened);
    await kurt.press("Open Nirvana");
    await kurt.heading("Nirvana").waitFor();
    assert.equal(await kurt.page.evaluate(() => sessionStorage.length), 0, opened);
  }
  const late = await site.visitor(path);
  await late.signInAs("kurt");
  await late.page.getByText("You are a member of Nirvana already").waitFor();
  const dave = await site.visitor(path);
  await dave.signInAs("dave");
  await dave.button("Join as Dave").waitFor();
});
