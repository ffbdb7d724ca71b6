// Four bundlers, each as its own documentation has it used: `bundlers.vite(folder, entry, out)`.
//
// Owns: their options. Never does: help a bundler to find the package's files: that is what is tested.

import { join } from "node:path";
import resolve from "@rollup/plugin-node-resolve";
import { importMetaAssets } from "@web/rollup-plugin-import-meta-assets";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";

const name = "bundle.js";

/** Follows no `new URL(…)`: `.wasm` is imported, as a file beside the bundle (`file`) or inside it (`binary`). */
const withEsbuild = (loader) => (folder, entry, out) =>
  esbuild.build({
    ...{ entryPoints: [join(folder, entry)], outfile: join(folder, out, name), loader: { ".wasm": loader } },
    ...{ bundle: true, minify: true, format: "esm", target: "es2022", logLevel: "error" },
  });

const withVite = (folder, entry, out) =>
  vite({
    ...{ root: folder, base: "./", configFile: false, logLevel: "error" },
    build: {
      ...{ outDir: out, target: "esnext", assetsInlineLimit: 0 },
      rollupOptions: { input: join(folder, entry), preserveEntrySignatures: "strict", output: { entryFileNames: name } },
    },
  });

async function withRollup(folder, entry, out) {
  const plugins = [resolve({ browser: true, exportConditions: ["browser"] }), importMetaAssets()];
  const bundle = await rollup({ input: join(folder, entry), plugins });
  await bundle.write({ dir: join(folder, out), format: "esm", entryFileNames: name });
  await bundle.close();
}

function withWebpack(folder, entry, out) {
  const output = { path: join(folder, out), filename: name, module: true, library: { type: "module" } };
  const options = { mode: "production", context: folder, entry: `./${entry}`, target: "web", output, experiments: { outputModule: true }, performance: false };
  return new Promise((done, failed) => webpack(options, (error, stats) => {
    const complaints = error ?? (stats.hasErrors() || stats.hasWarnings() ? new Error(stats.toString("errors-warnings")) : undefined);
    if (complaints) failed(complaints);
    else done();
  }));
}

export const bundlers = { esbuild: withEsbuild("file"), "esbuild, one file": withEsbuild("binary"), vite: withVite, rollup: withRollup, webpack: withWebpack };
