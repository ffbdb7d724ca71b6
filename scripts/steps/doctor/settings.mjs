// The Worker's own rule about its settings, from the package that `npm run build` makes.

import { readFileSync } from "node:fs";
import { value } from "../../../pkg/border.js";
import { at } from "../places.mjs";

const folder = at("pkg", "wasm", "directory");

/** The rule: `{ settings: {NAME: text}, unreadable: [NAME] }` -> what the Worker would say of these settings. */
export async function settingsRule() {
  const { checkSettings, initSync } = await import(`${folder}/guildhall_directory.js`);
  initSync({ module: readFileSync(`${folder}/guildhall_directory_bg.wasm`) });
  return (given) => value(checkSettings(JSON.stringify(given)));
}
