// The browser of the browser tests: one that is there, else Debian's.
//
// Owns: where a Chromium or Chrome is looked for, and installing one by apt.
// Never does: download a browser of its own.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { canInstall, installPackages } from "./debian.mjs";
import { Failure } from "./report.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const elsewhere = [
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The path of a Chromium or Chrome; CHROMIUM_PATH goes first. */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (existsSync(named)) return named;
    throw new Failure(`CHROMIUM_PATH is \`${named}\`, and nothing is there`, "set it to the program of a Chromium or Chrome");
  }
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...elsewhere].find(existsSync);
}

/** Installs Debian's Chromium if there is none at all. */
export async function readyChromium() {
  if (findChromium()) return;
  if (!canInstall()) throw new Failure("the browser tests need Chromium or Chrome, and none was found", "install one, or set CHROMIUM_PATH to its program");
  await installPackages(["chromium"], "Chromium");
}
