// A headless browser for a test.
//
// Owns: starting Chromium without any traffic of its own, and its end.
// Never does: install a browser (`npm test` does), or keep a profile.

import { chromium } from "playwright-core";
import { findChromium } from "../../scripts/steps/chromium.mjs";

/** How it is started: without any traffic of its own. */
export const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Opens a page in a browser of its own.
 *
 * @param {object} [context] options of Playwright's `newContext`: `viewport`, `colorScheme`, `locale`, …
 * @returns the page, its context, every error and console message so far, and `close()`
 */
export async function openPage(context = {}) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium was found: set CHROMIUM_PATH, or run `npm test`, which installs one");
  const browser = await chromium.launch({ executablePath, headless: true, args: flags });
  const session = await browser.newContext(context);
  const page = await session.newPage();
  const errors = [];
  const messages = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  return { page, context: session, errors, messages, close: () => browser.close() };
}
