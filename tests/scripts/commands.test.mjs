// What the commands say when something is missing: never a stack trace, always a cure.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { freePort } from "../../scripts/steps/wrangler.mjs";

/** Runs a script to its end; answers its exit code and all that it printed. */
function runScript(name, args, env, folder = at()) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, "scripts", name), ...args], { cwd: folder, env: { ...process.env, ...env } });
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

/** A folder of its own with these scripts, as a clone is. */
function clone(t) {
  const folder = mkdtempSync(join(tmpdir(), "guildhall-clone-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(at("scripts"), join(folder, "scripts"), { recursive: true });
  mkdirSync(join(folder, "build", "state"), { recursive: true });
  writeFileSync(join(folder, "dump.json"), "[]");
  return folder;
}

/** What answers an import, and counts what it is sent. */
async function installation(t) {
  const asked = [];
  const server = createHttpServer((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token: "x", organizations: [], users: 0, usersWithoutMembership: [], skipped: {}, notes: [] }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { port } = server.address();
  return { asked, port: String(port), origin: `http://127.0.0.1:${port}` };
}

/** A process that says what `npm start` of a folder says once it serves. */
async function serving(t, folder, origin) {
  const code = `import { announce } from ${JSON.stringify(join(folder, "scripts", "steps", "serving.mjs"))}; announce(${JSON.stringify(origin)}); console.log("up"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

const demo = (folder, env = {}, words = []) => runScript("import.mjs", ["dump.json", ...words], { PORT: "", ...env }, folder);

test("`npm run demo` writes to this folder's server, whatever its port is", async (t) => {
  const [folder, own] = [clone(t), await installation(t)];
  await serving(t, folder, own.origin);
  for (const env of [{}, { PORT: own.port }]) assert.match((await demo(folder, env)).said, new RegExp(`imported dump.json into ${own.origin}`));
  assert.equal(own.asked.filter((path) => path.startsWith("/v1/imports/")).length, 2);
});

test("`npm run demo` refuses a server that is not this folder's, and sends it nothing", async (t) => {
  const [mine, others, own, other] = [clone(t), clone(t), await installation(t), await installation(t)];
  await serving(t, others, other.origin);
  assertFailsWith(await demo(mine), /no `npm start` of this folder is running/, /npm start/);
  assertFailsWith(await demo(mine, { PORT: other.port }), new RegExp(`${other.origin} is not this folder's server`), new RegExp(`PORT=${other.port} npm start .*--origin ${other.origin}`));
  await serving(t, mine, own.origin);
  assertFailsWith(await demo(mine, { PORT: other.port }), new RegExp(`this folder's server is ${own.origin}`), /without PORT/);
  assert.deepEqual([own.asked, other.asked], [[], []]);
  assert.equal((await demo(mine, {}, ["--origin", other.origin])).code, 0, "a server that is named outright is meant");
  assert.equal(other.asked.length, 2);
});

test("`npm run demo` believes no note of another folder or of a process that has ended", async (t) => {
  const [mine, copy, own] = [clone(t), clone(t), await installation(t)];
  const child = await serving(t, mine, own.origin);
  cpSync(join(mine, "build", "state"), join(copy, "build", "state"), { recursive: true });
  assertFailsWith(await demo(copy), /no `npm start` of this folder/, /npm start/);
  child.kill("SIGKILL");
  await once(child, "exit");
  assertFailsWith(await demo(mine), /no `npm start` of this folder/, /npm start/);
  assert.deepEqual(own.asked, []);
});

test("`npm run example` refuses a port on which another program listens", async (t) => {
  const { port } = await installation(t);
  assertFailsWith(await runScript("example.mjs", [], { PORT: port }), new RegExp(`port ${port} is taken`), new RegExp(`PORT=${Number(port) + 1} npm run example`));
  assertFailsWith(await runScript("example.mjs", [], { PORT: "0x" }), /`0x`, which is no port number/, /PORT=8788 npm run example/);
});

test("`npm run import` sends the bytes of a dump as they are, so that the server judges their encoding", async (t) => {
  const sent = [];
  const server = createHttpServer(async (request, response) => {
    const parts = await request.toArray();
    if (request.url.startsWith("/v1/imports/")) sent.push(Buffer.concat(parts));
    response.writeHead(201, { "content-type": "application/json" }).end('{"token":"ghs_x"}');
  });
  const port = await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
  t.after(() => server.close());
  const folder = mkdtempSync(join(tmpdir(), "guildhall-dumps-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const dumps = [Buffer.from("[]"), Buffer.from('["Gr\u00f6\u00dfe AG"]', "latin1"), Buffer.from('\ufeff["Gr\u00f6\u00dfe"]', "utf16le")];
  for (const [index, bytes] of dumps.entries()) {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, bytes);
    const { code, said } = await runScript("import.mjs", [file, "--origin", `http://127.0.0.1:${port}`], {});
    assert.equal(code, 0, said);
  }
  assert.deepEqual(sent, dumps);
});

test("`npm run import` without a file shows its usage", async () => {
  assertFailsWith(await runScript("import.mjs", [], {}), /one file is wanted/, /npm run import -- FILE/);
});

test("`npm test` refuses a check that does not exist", async () => {
  assertFailsWith(await runScript("test.mjs", ["nonsense"], {}), /no check `nonsense`/, /npm test -- /);
});
