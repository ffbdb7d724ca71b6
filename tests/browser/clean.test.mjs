// The three pages before tools that others judge them with: axe, html-validate, and the browser's own console.
//
// Owns: in which states the pages are looked at. Never does: silence a finding.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { at } from "../../scripts/steps/places.mjs";
import { openPage } from "../harness/browser.mjs";
import { startConsole } from "./support/console.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = ["/", "/docs", "/demo"];
const phone = { viewport: { width: 360, height: 740 } };
const schemes = [{ colorScheme: "light" }, { colorScheme: "dark" }, { ...phone, colorScheme: "light" }];

/** What axe finds: its rules for WCAG 2.2 AA and good practice, and the one that names say what buttons show. */
async function findings(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { rules: { "label-content-name-mismatch": { enabled: true } } });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
  return violations;
}

/** Everything that moved by itself since the page was loaded. */
const recordShifts = () => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput) window.shifts.push({ value, what: sources.map(({ node }) => node?.id || node?.className || node?.nodeName).join(" ") });
    }
  }).observe({ type: "layout-shift", buffered: true });
};

const shiftOf = async (page) => {
  const shifts = await page.evaluate(() => window.shifts);
  return { sum: shifts.reduce((sum, { value }) => sum + value, 0), shifts };
};

/** Opens a page of the console's site in each look, and closes it. */
async function eachLook(site, path, work) {
  for (const look of schemes) {
    const opened = await openPage({ locale: "en-GB", ...look });
    try {
      await opened.context.addInitScript(recordShifts);
      await opened.page.goto(site.origin + path);
      await work(opened, JSON.stringify(look));
    } finally {
      await opened.close();
    }
  }
}

/** What shows that a page has done its first work. */
const settled = {
  "/": (page) => page.getByRole("heading", { name: "Sign in", exact: true }).waitFor(),
  "/docs": (page) => page.locator("#schema-Webhook").waitFor(),
  "/demo": (page) => page.getByRole("status").filter({ hasText: "The pass is believed" }).waitFor(),
};

test("the pages of a visitor have no finding, move nothing and log nothing", async (t) => {
  const site = await startConsole(t);
  for (const path of pages) {
    await eachLook(site, path, async ({ page, errors, messages }, look) => {
      await settled[path](page);
      await page.waitForTimeout(200);
      assert.deepEqual(await findings(page), [], `${path} ${look}`);
      const { sum, shifts } = await shiftOf(page);
      assert.ok(sum < 0.1, `${path} ${look} moved by ${sum}: ${JSON.stringify(shifts)}`);
      assert.deepEqual([...errors, ...messages], [], `${path} ${look}`);
    });
  }
});

/** Nirvana with one of everything that the page shows. */
async function fullOrganization(site) {
  const kurt = await site.client("kurt");
  await kurt.organizations.create({ name: "Nirvana" });
  const here = kurt.organization("nirvana");
  await here.update({ joinRequests: "open" });
  await here.roles.create({ key: "billing", permissions: ["organization:read"] });
  await here.members.add({ userId: "krist", name: "Krist", email: "krist@example.com", roles: ["member", "billing"] });
  await here.invitations.create({ email: "pat@example.com", roles: ["admin"] });
  await here.domains.create({ name: "nirvana.example" });
  await (await site.client("dave")).organization("nirvana").joinRequests.create({ message: "Let me in" });
  await here.ownership.transfer({ userId: "krist", requireAcceptance: true });
  await (await site.client("pat")).organizations.create({ name: "Sub Pop" });
  return here;
}

test("the console has no finding in any view of a person", async (t) => {
  const site = await startConsole(t);
  const here = await fullOrganization(site);
  const { token } = await here.links.create({});
  for (const look of schemes) {
    const clean = async (page, what) => assert.deepEqual(await findings(page.page), [], `${what} ${JSON.stringify(look)}`);
    const kurt = await site.visitor("/", look);
    await kurt.signInAs("kurt");
    await kurt.heading("Nirvana").waitFor();
    await kurt.page.locator("#check-form").waitFor();
    for (const summary of ["Create an organization", "Rename", "What I may do here"]) await kurt.page.getByText(summary, { exact: true }).click();
    await clean(kurt, "an organization");
    await kurt.press("Delete…");
    await kurt.dialog().waitFor();
    await clean(kurt, "a question");
    await kurt.press("Cancel", kurt.dialog());
    await kurt.press("Roles of Krist");
    await clean(kurt, "check marks");
    await kurt.press("Cancel", kurt.dialog());
    const krist = await site.visitor(`/#invitation=${token}`, look);
    await krist.heading("You are invited to Nirvana").waitFor();
    await clean(krist, "an invitation, signed out");
    await krist.signInAs("krist");
    await krist.heading("You are asked to take over Nirvana").waitFor();
    await clean(krist, "a member's organization");
    const pat = await site.visitor("/", look);
    await pat.signInAs("pat");
    await pat.section("Invitations to me").waitFor();
    await pat.press("Delete…");
    await pat.dialog().getByLabel("Type sub-pop to confirm").fill("sub-pop");
    await pat.press("Delete", pat.dialog());
    await pat.section("Sub Pop is deleted").waitFor();
    await clean(pat, "a deleted organization");
    await pat.press("Restore Sub Pop");
    await pat.told("is restored");
    const nobody = await site.visitor("/", look);
    await nobody.signInAs("chad");
    await clean(nobody, "no organization");
    for (const one of [kurt, krist, pat, nobody]) {
      assert.deepEqual(await one.complaints({ refusals: true }), []);
      await one.close();
    }
  }
});

/**
 * A browser writes down what it has drawn in a style of its own. And a table that a phone lays out as blocks keeps its
 * meaning by roles alone (`www/demo/table.js`), so that they are not redundant.
 */
const OF_DRAWING = { "attribute-boolean-style": "off", "attribute-empty-style": "off", "no-redundant-role": "off" };

test("the pages are valid HTML, as they are written and as they are drawn", async (t) => {
  const validatorOf = (rules) => new HtmlValidate(new StaticConfigLoader({ extends: ["html-validate:recommended"], rules }));
  const [written, drawn] = [validatorOf({}), validatorOf(OF_DRAWING)];
  const all = ({ results }) => results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`));
  for (const path of pages) {
    const file = at("www", `${path === "/" ? "index" : path.slice(1)}.html`);
    assert.deepEqual(all(await written.validateFile(file)), [], path);
  }
  const site = await startConsole(t);
  await fullOrganization(site);
  const kurt = await site.visitor();
  const found = async (page) => all(await drawn.validateString(`<!DOCTYPE html>\n${await page.evaluate(() => document.documentElement.outerHTML)}`));
  await kurt.signInAs("kurt");
  await kurt.heading("Nirvana").waitFor();
  assert.deepEqual(await found(kurt.page), [], "the console");
  for (const path of ["/docs", "/demo"]) {
    await kurt.page.goto(site.origin + path);
    await settled[path](kurt.page);
    assert.deepEqual(await found(kurt.page), [], path);
  }
});
