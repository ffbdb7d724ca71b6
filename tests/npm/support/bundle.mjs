// What a page pays for an import: bundled, minified and compressed.
//
// Owns: the bundle, the WebAssembly it fetches, and their gz sizes. Never does: judge them.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

export const gz = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** A bundle of `code`: its first file with those that it brings along at once (`text`), what they are made of, and all files. */
export async function bundled(folder, code, options) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: folder },
    ...{ bundle: true, minify: true, splitting: true, write: false, metafile: true, format: "esm", outdir: "out", logLevel: "error" },
    ...{ conditions: ["browser"], external: ["hono", "hono/*"], ...options },
  });
  const first = Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint === "<stdin>");
  const atOnce = [...alongWith(metafile.outputs, first)];
  const texts = atOnce.map((path) => outputFiles.find((file) => file.path.endsWith(basename(path))).text);
  return { texts, text: texts.join("\n"), inputs: atOnce.flatMap((path) => present(metafile.outputs[path].inputs)), all: Object.keys(metafile.inputs), outputFiles };
}

/** Those of which anything is left. */
const present = (inputs) => Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);

/** A file of a bundle, and whatever it imports before it runs. */
function alongWith(outputs, path, found = new Set()) {
  if (found.has(path) || !outputs[path]) return found;
  found.add(path);
  for (const each of outputs[path].imports) if (each.kind === "import-statement") alongWith(outputs, each.path, found);
  return found;
}

/** Bytes of everything that `export * from` an entry brings along at once, with the WebAssembly named. */
export async function sizeOf(project, entry, wasm) {
  const { texts } = await bundled(project.folder, `export * from "${entry}";`);
  const bytes = texts.reduce((sum, text) => sum + gz(text), 0);
  return bytes + (wasm ? gz(readFileSync(join(project.target, wasm))) : 0);
}
