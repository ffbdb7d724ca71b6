// What the commands say when something is missing: never a stack trace, always a cure.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { freePort } from "../../scripts/steps/wrangler.mjs";

/** Runs a script to its end; answers its exit code and all that it printed. */
function runScript(name, args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [at("scripts", name), ...args], { cwd: at(), env: { ...process.env, ...env } });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => { said += text; });
    child.once("close", (code) => resolve({ code, said }));
  });
}

function assertFailsWith({ code, said }, what, cure) {
  assert.equal(code, 1);
  assert.match(said, what);
  assert.match(said, cure);
  assert.doesNotMatch(said, /^\s+at .*\.mjs/m, "a stack trace is no help");
}

test("`npm start` names a taken port and offers another", async () => {
  const server = createServer();
  const port = await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
  try {
    assertFailsWith(await runScript("start.mjs", [], { PORT: String(port) }), new RegExp(`port ${port} is taken`), new RegExp(`PORT=${port + 1} npm start`));
  } finally {
    server.close();
  }
});

test("`npm start` refuses a PORT that is none", async () => {
  assertFailsWith(await runScript("start.mjs", [], { PORT: "http" }), /`http`, which is no port number/, /PORT=8787 npm start/);
});

test("`npm start` without Rust says how to install it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "guildhall-path-"));
  symlinkSync(process.execPath, join(folder, "node"));
  try {
    const result = await runScript("start.mjs", [], { PATH: folder, PORT: String(await freePort()) });
    assertFailsWith(result, /Rust \(cargo and rustc\) was not found/, /sh\.rustup\.rs/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("`npm run import` without a server says to start one", async () => {
  const origin = `http://127.0.0.1:${await freePort()}`;
  assertFailsWith(await runScript("import.mjs", ["package.json", "--origin", origin], {}), /nothing answers/, /npm start/);
});

test("`npm run import` without a file shows its usage", async () => {
  assertFailsWith(await runScript("import.mjs", [], {}), /one file is wanted/, /npm run import -- FILE/);
});

test("`npm test` refuses a check that does not exist", async () => {
  assertFailsWith(await runScript("test.mjs", ["nonsense"], {}), /no check `nonsense`/, /npm test -- /);
});
