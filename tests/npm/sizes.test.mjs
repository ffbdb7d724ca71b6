// What the entries without WebAssembly weigh in a bundle, against their budgets.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { installed } from "./support/installed.mjs";

/** In bytes, minified and gzipped. */
const budgets = { "client/client.js": 6_000, "hono/hono.js": 3_000 };

test("entries without WebAssembly stay small", async (t) => {
  const { target } = await installed(t);
  for (const [entry, budget] of Object.entries(budgets)) {
    const options = { bundle: true, minify: true, format: "esm", write: false, external: ["guildhall/pass"] };
    const { outputFiles } = await build({ ...options, entryPoints: [join(target, entry)] });
    const size = gzipSync(outputFiles[0].contents, { level: 9 }).length;
    assert.ok(size <= budget, `${entry}: ${size} of ${budget} bytes`);
  }
});
