// A visitor of the demo: what they press and read.
//
// Owns: how each thing is found, by labels and roles. Never does: reach into the page's code.

const PATIENCE_MS = 60_000;

const recordViolations = () => {
  window.violations = [];
  addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
};

/** Somebody who looks at the demo in a browser of their own. */
export class Visitor {
  /** Each way to cheat, with the code that it is refused with. */
  cheats = [
    ["Change one character", "pass_invalid"],
    ["Show it to another audience", "pass_wrong_audience"],
    ["Let six minutes pass", "pass_expired"],
    ["Verify with other keys", "pass_unknown_key"],
    ["Demand a newer version", "pass_stale"],
  ];

  static async at(address, opened) {
    opened.page.setDefaultTimeout(PATIENCE_MS);
    await opened.context.addInitScript(recordViolations);
    await opened.page.goto(address);
    const one = new Visitor(opened);
    await one.believed("The pass is believed");
    return one;
  }

  constructor(opened) {
    this.opened = opened;
    this.page = opened.page;
  }

  button = (name) => this.page.getByRole("button", { name, exact: true });
  section = (name) => this.page.getByRole("region", { name, exact: true });
  press = (name) => this.button(name).click();
  offline = (off) => this.opened.context.setOffline(off);
  believed = (text) => this.section("2. Verify it").getByRole("status").filter({ hasText: text }).waitFor();
  told = (text) => this.page.getByRole("status").filter({ hasText: text }).waitFor();

  /** Asks the server something, as this browser. */
  post = (path, body) =>
    this.page.evaluate(([to, sent]) => fetch(to, { method: "POST", headers: { "content-type": "application/json" }, body: sent }).then(({ status }) => status), [path, JSON.stringify(body)]);

  /** Cheats, and gives the code of the refusal. */
  async cheat(label) {
    await this.page.locator("#refusals > li").evaluateAll((items) => items.forEach((item) => item.setAttribute("data-seen", "")));
    await this.press(label);
    const fresh = this.page.locator("#refusals > li:not([data-seen])").first();
    await fresh.waitFor();
    return fresh.locator(".no code").innerText();
  }

  /** What the table says of a permission. */
  async decision(permission) {
    const cells = this.page.getByRole("row").filter({ has: this.page.getByRole("rowheader", { name: permission }) }).getByRole("cell");
    return (await cells.allInnerTexts()).join(" ").replaceAll(/\s+/g, " ");
  }

  /** Goes on with the Tab key to what has this text, name or id; gives its place in the document. */
  async tabTo(wanted) {
    for (let step = 0; step < 40; step += 1) {
      await this.page.keyboard.press("Tab");
      const place = await this.page.evaluate((name) => {
        const now = document.activeElement;
        const names = [now.textContent.trim(), now.name, now.id, now.value];
        return names.includes(name) ? [...document.querySelectorAll("*")].indexOf(now) : -1;
      }, wanted);
      if (place >= 0) return place;
    }
    throw new Error(`the Tab key never reaches \`${wanted}\``);
  }

  focusIsVisible = () => this.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== "none");
  overflows = () => this.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

  /** What went wrong in the page: exceptions, console errors, policy violations. */
  async complaints() {
    const loud = this.opened.messages.filter((message) => /^(error|warning):/.test(message));
    return [...this.opened.errors, ...loud, ...(await this.page.evaluate(() => window.violations))];
  }

  close = () => this.opened.close();
}
