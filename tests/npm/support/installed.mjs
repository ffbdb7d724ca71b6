// The package as a user gets it: packed, and unpacked into a project of its own.
//
// Owns: that project's folder, and its end. Never does: read the package from this repository.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { at, nodeBinary } from "../../../scripts/steps/places.mjs";

const run = promisify(execFile);

/** Packs and installs; `import(name)` loads an entry, `node(code)` runs a module in the project. */
export async function installed(t) {
  const folder = mkdtempSync(join(tmpdir(), "guildhall-npm-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: at("pkg") });
  const [tarball] = readdirSync(folder);
  const target = join(folder, "node_modules", "guildhall");
  mkdirSync(target, { recursive: true });
  await run("tar", ["-xzf", join(folder, tarball), "-C", target, "--strip-components=1"]);
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return {
    folder,
    target,
    import: (file) => import(pathToFileURL(join(target, file)).href),
    async node(code) {
      writeFileSync(join(folder, "main.js"), code);
      return (await run(nodeBinary(), ["main.js"], { cwd: folder })).stdout;
    },
  };
}
