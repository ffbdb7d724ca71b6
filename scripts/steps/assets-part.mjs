// The static files that the Worker serves: `build/assets/`, from `www/` and the npm package.
//
// Owns: which files of the package a browser may fetch from `/pkg/`.
// Never does: transform a file.

import { cpSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fingerprint } from "./fingerprint.mjs";
import { at, build } from "./places.mjs";

const assets = join(build, "assets");
const served = new Set([".js", ".mjs", ".wasm"]);
const isServed = (path) => statSync(path).isDirectory() || served.has(extname(path));

/** The assets as a part to build. */
export function assetsPart() {
  return {
    name: "assets",
    title: "the console's files",
    hash: fingerprint([at("www"), at("pkg")]),
    outputs: [assets],
    async pack() {
      rmSync(assets, { recursive: true, force: true });
      mkdirSync(assets, { recursive: true });
      if (existsSync(at("www"))) cpSync(at("www"), assets, { recursive: true });
      if (existsSync(at("pkg"))) cpSync(at("pkg"), join(assets, "pkg"), { recursive: true, filter: isServed });
    },
  };
}
