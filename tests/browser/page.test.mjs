// The page, walked through as people do: two people, one Worker, nothing stubbed.
//
// Owns: what a person sees and can do. Never does: test a rule; those have tests of their own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { Person } from "./support/person.mjs";

let worker;
const people = [];

/** A person whose browser is closed at the end, whatever happens. */
async function person(address = worker.origin, context) {
  const one = await Person.at(address, context);
  people.push(one);
  return one;
}

/** Steps that build on each other: after a failure the rest is skipped, because it would only fail too. */
function stepsOf(t) {
  let failed = false;
  return (name, work) =>
    t.test(name, { skip: failed && "an earlier step failed" }, async () => {
      failed = true;
      await work();
      failed = false;
    });
}

before(async () => {
  worker = await startWorker();
});

after(async () => {
  await Promise.all(people.map((one) => one.close()));
  await worker?.stop();
});

test("two people found, share, check, hand over and end an organization", async (t) => {
  const step = stepsOf(t);
  const kurt = await person();
  let krist;

  await step("kurt signs in, creates Nirvana and owns it", async () => {
    await kurt.signIn("Kurt");
    await kurt.create("Nirvana");
    await kurt.section("Nirvana").getByText("owner", { exact: true }).waitFor();
    await kurt.row("Members", "Kurt Cobain (you)").waitFor();
    await kurt.section("Current organization").getByText("Both ran the same rule and agree.").waitFor();
  });

  await step("a name gets a slug here and its freedom from the server", async () => {
    await kurt.page.getByText("Create an organization", { exact: true }).click();
    await kurt.page.locator("#create-form").getByLabel("Name", { exact: true }).fill("Nirvana");
    await kurt.page.getByText("nirvana is taken; nirvana-2 is free").waitFor();
    await kurt.page.locator("#create-form").getByLabel("Slug").fill("Nope!");
    await kurt.page.locator("#slug-hint.bad").getByText("a-z").waitFor();
    await kurt.page.locator("#create-form").getByLabel("Slug").fill("nirvana");
    await kurt.press("Create");
    await kurt.page.getByRole("alert").getByText("slug_taken").waitFor();
    assert.equal(await kurt.page.evaluate(() => document.activeElement.name), "slug");
    await kurt.page.locator("#create-form").getByLabel("Slug").fill("");
    await kurt.page.getByText("nirvana is taken; nirvana-2 is free").waitFor();
    await kurt.page.getByText("Create an organization", { exact: true }).click();
  });

  await step("what is no address never leaves the page", async () => {
    const invitations = kurt.section("Invitations");
    await invitations.getByLabel("Email").fill("krist@nirvana");
    const before = await kurt.requests();
    await kurt.press("Invite", invitations);
    assert.match(await invitations.getByLabel("Email").evaluate((field) => field.validationMessage), /address/);
    assert.equal(await kurt.requests(), before);
  });

  await step("he invites krist as admin, and the mail lies in the outbox", async () => {
    await kurt.invite("krist@nirvana.com", "admin");
    await kurt.row("Invitations", "krist@nirvana.com").getByText("pending").waitFor();
    await kurt.section("Outbox").getByText("You are invited to Nirvana", { exact: true }).waitFor();
    assert.match(await kurt.mailedLink("krist@nirvana.com"), /#invitation=/);
  });

  await step("krist follows the link, reads it before signing in, and accepts", async () => {
    krist = await person(await kurt.mailedLink("krist@nirvana.com"));
    await krist.heading("You are invited to Nirvana").waitFor();
    await krist.page.getByText("k***@n***.com").waitFor();
    assert.equal(await krist.page.evaluate(() => location.hash), "", "the token leaves the address bar");
    await krist.signIn("Krist");
    await krist.press("Join as Krist Novoselic");
    await krist.told("You are a member of Nirvana");
    await krist.row("Members", "Kurt Cobain").waitFor();
    await krist.row("Members", "Krist Novoselic (you)").getByText("admin", { exact: true }).waitFor();
    assert.equal(await krist.page.evaluate(() => sessionStorage.length), 0, "the token is forgotten once it is used");
  });

  await step("the used link opens nothing any more", async () => {
    const again = await person(await kurt.mailedLink("krist@nirvana.com"));
    await again.page.getByText("accepted", { exact: true }).or(again.page.getByText("invitation_used")).waitFor();
    assert.equal(await again.page.getByRole("button", { name: /^Join as/ }).count(), 0);
  });

  await step("the rules answer in the page without a request", async () => {
    const before = await krist.requests();
    assert.match(await krist.ask("Kurt Cobain", "remove", "Krist Novoselic"), /^Allowed.*member\.removed/s);
    assert.match(await krist.ask("Krist Novoselic", "remove", "Kurt Cobain"), /^Refused owner_required/);
    assert.match(await krist.ask("Krist Novoselic", "delete the organization"), /^Refused permission_denied/);
    assert.match(await krist.ask("Kurt Cobain", "leave"), /^Refused owner_required.*took no request/s);
    assert.equal(await krist.requests(), before);
  });

  await step("buttons offer what the rules allow, and the server agrees", async () => {
    assert.equal(await krist.button("Delete…").isDisabled(), true);
    assert.equal(await krist.button("Remove Kurt Cobain").isDisabled(), true);
    assert.equal(await krist.button("Leave").isEnabled(), true);
    assert.equal(await kurt.button("Leave").isDisabled(), true);
    assert.equal(await kurt.button("Delete…").isEnabled(), true);
  });

  await step("kurt creates a second one and switches between them", async () => {
    await kurt.create("Fecal Matter");
    const current = kurt.section("Current organization");
    await current.getByText("you have several").first().waitFor();
    await kurt.press("Make current: Nirvana");
    await kurt.told("Nirvana is the current organization");
    assert.equal(await current.getByText("your earlier choice").count(), 2, "the server and the page say the same");
    await kurt.press("Make current: Fecal Matter");
    await kurt.told("Fecal Matter is the current organization");
    await kurt.page.goto(`${worker.origin}/?org=nirvana`);
    await current.getByText("named by ?org= in the address").first().waitFor();
    await current.getByText("Both ran the same rule and agree.").waitFor();
    await kurt.heading("Nirvana").waitFor();
  });

  await step("he renames it, and an outdated page is told so", async () => {
    await krist.page.getByText("Rename", { exact: true }).click();
    await kurt.page.getByText("Rename", { exact: true }).click();
    const rename = (one, name) => one.page.locator("#rename-form").getByLabel("Name", { exact: true }).fill(name);
    await rename(kurt, "Nirvana (the band)");
    await kurt.press("Save");
    await kurt.heading("Nirvana (the band)").waitFor();
    await rename(krist, "Nirvana (1987)");
    await krist.press("Save");
    await krist.page.getByRole("alert").getByText("version_mismatch").waitFor();
    await krist.heading("Nirvana (the band)").waitFor();
  });

  await step("deactivated, it refuses writes and leaves the list; activated, it is back", async () => {
    const list = kurt.section("My organizations");
    await kurt.press("Deactivate…");
    await kurt.press("Deactivate", kurt.dialog());
    await kurt.told("is deactivated");
    await list.getByText("Nirvana (the band)").waitFor({ state: "detached" });
    assert.match(await kurt.ask("Kurt Cobain", "remove", "Krist Novoselic"), /^Refused organization_inactive/);
    await list.getByLabel("Show inactive and deleted ones too").check();
    await list.getByText("inactive", { exact: true }).waitFor();
    await kurt.press("Activate");
    await kurt.told("is active again");
  });

  await step("kurt removes krist, and krist is refused at the next step", async () => {
    await kurt.press("Remove Krist Novoselic");
    await kurt.press("Remove", kurt.dialog());
    await kurt.told("Krist Novoselic is removed");
    await kurt.row("Members", "Krist Novoselic").waitFor({ state: "detached" });
    await krist.section("Invitations").getByLabel("Email").fill("chad@nirvana.com");
    await krist.press("Invite", krist.section("Invitations"));
    await krist.section("This organization does not open").getByText("not_found").waitFor();
    await krist.page.getByText("You are in no active organization").waitFor();
    await krist.section("Outbox").getByText("You were removed from Nirvana (the band)").waitFor();
  });

  await step("invited again, krist accepts in the page, by the verified address", async () => {
    await kurt.invite("krist@nirvana.com", "member");
    await krist.page.reload();
    await krist.press("Accept the invitation to Nirvana (the band)");
    await krist.told("You are a member of Nirvana (the band)");
    assert.equal(await krist.section("Invitations").getByLabel("Email").isVisible(), false, "a plain member invites nobody");
  });

  await step("kurt makes krist admin, then hands the organization over", async () => {
    await kurt.page.reload();
    await kurt.press("Make admin: Krist Novoselic");
    await kurt.told("Krist Novoselic is admin now");
    await kurt.press("Make owner: Krist Novoselic");
    await kurt.press("Make Krist Novoselic the owner", kurt.dialog());
    await kurt.told("Krist Novoselic owns Nirvana (the band) now");
    await kurt.row("Members", "Krist Novoselic").getByText("owner", { exact: true }).waitFor();
    assert.equal(await kurt.button("Delete…").isDisabled(), true);
  });

  await step("krist deletes it, once its slug is typed, and it is gone for both", async () => {
    await krist.page.reload();
    await krist.press("Delete…");
    assert.equal(await krist.button("Delete", krist.dialog()).isDisabled(), true);
    await krist.dialog().getByLabel("Type nirvana to confirm").fill("nirvana");
    await krist.press("Delete", krist.dialog());
    await krist.told("Nirvana (the band) is deleted");
    await kurt.page.reload();
    await kurt.section("This organization does not open").getByText("not_found").waitFor();
    assert.equal(await kurt.section("My organizations").getByText("Nirvana (the band)").count(), 0);
  });

  await step("nothing was refused by the content policy, and nothing broke", async () => {
    for (const one of people) assert.deepEqual(await one.complaints(), []);
  });
});

test("on a phone nothing is wider than the window", async () => {
  const dave = await person(worker.origin, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const fits = async (where) => assert.equal(await dave.overflows(), false, where);
  await fits("signing in");
  await dave.signIn("Dave");
  await dave.create("Foo Fighters of a Considerably Long Name Without End");
  await dave.invite("a.rather.long.address.of.somebody@subdomain.of.a.domain.example.com", "admin");
  await fits("an organization");
  await dave.press("Delete…");
  await fits("the dialog");
  await dave.press("Cancel", dave.dialog());
  await dave.signOut();
  await dave.page.goto(await dave.mailedLink("a.rather.long.address"));
  await dave.heading("You are invited to Foo Fighters of a Considerably Long Name Without End").waitFor();
  await fits("an invitation");
  assert.deepEqual(await dave.complaints(), []);
});

test("with the keyboard alone: in, create, and the reader's place is kept", async () => {
  const duder = await person();
  const { keyboard } = duder.page;
  const focused = () => duder.page.evaluate(() => document.activeElement.textContent || document.activeElement.name);
  await duder.tabTo("Sign in as another person");
  await keyboard.press("Enter");
  for (const text of ["duder", "Some Tester", "duder@testing.com"]) {
    await keyboard.press("Tab");
    await keyboard.type(text);
  }
  await keyboard.press("Enter");
  await duder.told("Signed in as Some Tester");
  await duder.tabTo("Create an organization");
  await keyboard.press("Enter");
  await keyboard.press("Tab");
  await keyboard.type("Testers");
  await duder.page.getByText("testers is free").waitFor();
  await keyboard.press("Enter");
  await duder.told("Testers is founded");
  assert.equal(await focused(), "Testers", "the new organization's heading has the focus");
  await duder.tabTo("Deactivate…");
  await keyboard.press("Enter");
  await duder.tabTo("Deactivate");
  await keyboard.press("Enter");
  await duder.told("is deactivated");
  assert.equal(await focused(), "Activate", "the focus stays where it was");
  assert.notEqual(await duder.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "none");
  await duder.tabTo("Delete…");
  await keyboard.press("Enter");
  // The question names the day until which it can be undone, so it is asked once the server has said that.
  await duder.page.getByRole("dialog").waitFor();
  await keyboard.press("Escape");
  await duder.page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal(await focused(), "Delete…", "a closed dialog gives the focus back");
  assert.deepEqual(await duder.complaints(), []);
});

test("an address that nobody verified accepts nothing by itself", async () => {
  const owner = await person();
  await owner.signIn("Kurt");
  await owner.create("Sub Pop");
  await owner.invite("bruce@subpop.example", "member");
  const impostor = await person();
  await impostor.page.getByText("Sign in as another person").click();
  const form = impostor.page.locator("#sign-in-form");
  await form.getByLabel("User id").fill("impostor");
  await form.getByLabel("Email").fill("bruce@subpop.example");
  await form.getByLabel("The address is verified").uncheck();
  await impostor.press("Sign in", form);
  await impostor.told("Signed in as impostor");
  await impostor.page.getByText("(not verified)").waitFor();
  assert.equal(await impostor.heading("Invitations to me").isVisible(), false);
});

test("an answer that gets lost makes no second organization", async () => {
  const krist = await person();
  await krist.signIn("Krist");
  let sent = 0;
  await krist.page.route("**/v1/organizations", async (route) => {
    if (route.request().method() !== "POST" || sent++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await krist.create("Sweet 75");
  assert.equal(sent, 2, "the page asks again, under the same key");
  await krist.section("Sweet 75").getByText("sweet-75", { exact: true }).waitFor();
  assert.equal(await krist.section("My organizations").getByRole("listitem").count(), 1);
});

test("what people type is shown as text", async () => {
  const dave = await person();
  await dave.signIn("Dave");
  const name = `<img src=x onerror="document.title='taken over'"> & <b>Co</b>`;
  await dave.create(name);
  await dave.heading(name).waitFor();
  assert.equal(await dave.page.title(), "Guildhall");
  assert.deepEqual(await dave.complaints(), []);
});
