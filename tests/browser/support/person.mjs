// A person at the page: what they do, in their words.
//
// Owns: how each thing is done with labels, roles and keys, as somebody without a mouse or a screen
// finds them. Never does: reach into the page's code, or call the API behind its back.

import { openPage } from "../../harness/browser.mjs";

/** Refusals that are part of the story; Chromium writes each into its console. */
const refusal = /^error: Failed to load resource: the server responded with a status of (401|403|404|409|410|412|422) /;

const PATIENCE_MS = 10_000;

const recordViolations = () => {
  window.violations = [];
  addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
};

/** Somebody who opens the page in a browser of their own. */
export class Person {
  static async at(address, context = {}) {
    const opened = await openPage({ locale: "en-GB", ...context });
    opened.page.setDefaultTimeout(PATIENCE_MS);
    await opened.context.addInitScript(recordViolations);
    await opened.page.goto(address);
    await opened.page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
    return new Person(opened);
  }

  constructor(opened) {
    this.opened = opened;
    this.page = opened.page;
  }

  button = (name, within = this.page) => within.getByRole("button", { name, exact: true });
  heading = (name) => this.page.getByRole("heading", { name, exact: true });
  section = (name) => this.page.getByRole("region", { name, exact: true });
  dialog = () => this.page.getByRole("dialog");
  row = (section, text) => this.section(section).getByRole("listitem").filter({ hasText: text });

  /** Presses a button. */
  press = (name, within) => this.button(name, within).click();

  /** Waits until the status line says so. */
  async told(text) {
    await this.page.getByRole("status").filter({ hasText: text }).waitFor();
  }

  async signIn(name) {
    await this.press(`Sign in as ${name}`);
    await this.told(`Signed in as ${name}`);
  }

  /** Signs in by the form as a user whose address, `<id>@example.com`, is verified. */
  async signInAs(userId, name = userId[0].toUpperCase() + userId.slice(1)) {
    const form = this.page.locator("#sign-in-form");
    if (!(await form.isVisible())) await this.page.getByText("Sign in as another person").click();
    await form.getByLabel("User id").fill(userId);
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("Email").fill(`${userId}@example.com`);
    await this.press("Sign in", form);
    await this.told(`Signed in as ${name}`);
  }

  /** Opens one of my organizations. */
  async open(name) {
    await this.press(name, this.section("My organizations"));
    await this.heading(name).waitFor();
  }

  /** The roles that a member's row shows. */
  rolesOf = async (who) => (await this.row("Members", who).locator(".badge").allInnerTexts()).sort();

  /** Goes there with the Tab key alone; fails if no key press leads there. */
  async tabTo(text) {
    for (let step = 0; step < 80; step += 1) {
      await this.page.keyboard.press("Tab");
      if ((await this.page.evaluate(() => document.activeElement.textContent.trim())) === text) return;
    }
    throw new Error(`the Tab key never reaches \`${text}\``);
  }

  async signOut() {
    await this.press("Sign out");
    await this.heading("Sign in").waitFor();
  }

  async create(name) {
    await this.page.getByText("Create an organization", { exact: true }).click();
    await this.page.getByLabel("Name", { exact: true }).and(this.page.locator("#create-form input")).fill(name);
    await this.press("Create");
    await this.told(`${name} is founded`);
  }

  async invite(email, role) {
    const invitations = this.section("Invitations");
    await invitations.getByLabel("Email").fill(email);
    await invitations.getByLabel("Role").selectOption(role);
    await this.press("Invite", invitations);
    await this.told(`${email} is invited`);
  }

  /** The link in the newest mail to an address. */
  async mailedLink(email) {
    const outbox = this.section("Outbox");
    const show = this.button("Show the mails", outbox);
    await outbox.waitFor();
    if (await show.isVisible()) await show.click();
    const mail = outbox.getByRole("listitem").filter({ hasText: `to ${email}` }).first();
    return mail.getByRole("link").getAttribute("href");
  }

  /** What the rules in the page say: the word, the code, and what it cost. */
  async ask(who, what, whom) {
    const form = this.section("Ask the rules");
    await form.getByLabel("May").selectOption({ label: who });
    await form.getByLabel("do this:").selectOption({ label: what });
    if (whom) await form.getByLabel("to whom").selectOption({ label: whom });
    return form.locator("output").innerText();
  }

  /** How many requests the page has made so far. */
  requests = () => this.page.evaluate(() => performance.getEntriesByType("resource").length);

  /** Whether something is wider than the window. */
  overflows = () => this.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

  /** What went wrong in the page: exceptions, console errors, policy violations; refusals too, if the story has none. */
  async complaints({ refusals = false } = {}) {
    const loud = this.opened.messages.filter((message) => /^(error|warning):/.test(message) && (refusals || !refusal.test(message)));
    return [...this.opened.errors, ...loud, ...(await this.page.evaluate(() => window.violations))];
  }

  close = () => this.opened.close();
}
