// What a page pays for an import: bundled, minified and compressed.
//
// Owns: the bundle, the WebAssembly it fetches, and their gz sizes. Never does: judge them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export const gz = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** The first file of a bundle of `code` (what is imported later is in files of its own), and all of them. */
export async function bundled(folder, code, options) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: folder },
    ...{ bundle: true, minify: true, splitting: true, write: false, metafile: true, format: "esm", outdir: "out", logLevel: "error" },
    ...{ conditions: ["browser"], external: ["hono", "hono/*"], ...options },
  });
  const first = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === "<stdin>");
  const text = outputFiles.find(({ path }) => path.endsWith("stdin.js")).text;
  return { text, inputs: Object.keys(first.inputs), all: Object.keys(metafile.inputs), outputFiles };
}

/** Bytes of everything that `export * from` an entry brings along at once, with the WebAssembly named. */
export async function sizeOf(project, entry, wasm) {
  const { text } = await bundled(project.folder, `export * from "${entry}";`);
  return gz(text) + (wasm ? gz(readFileSync(join(project.target, wasm))) : 0);
}
