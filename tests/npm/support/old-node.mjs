// The oldest Node that the package works with.
//
// Owns: finding one, or getting it once from npm. Never does: install it for anything else.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { tools } from "../../../scripts/steps/places.mjs";

const run = promisify(execFile);
const pinned = "20.20.2";

/** `require` of ES modules came with 20.19. */
const fits = async (node) => {
  const { stdout } = await run(node, ["--version"]).catch(() => ({ stdout: "" }));
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(stdout) ?? [];
  return major === "20" && Number(minor) >= 19;
};

/** The path of a Node 20. */
export async function oldNode() {
  const here = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node")).filter(existsSync);
  for (const node of [...here, "/usr/bin/node", "/usr/local/bin/node"]) if (await fits(node)) return node;
  const folder = join(tools, "node-20");
  const name = `node-${process.platform}-${process.arch}`;
  const node = join(folder, "node_modules", name, "bin", "node");
  if (!existsSync(node)) await run("npm", ["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${pinned}`]);
  return node;
}
