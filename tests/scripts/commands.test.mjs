// What the commands say when something is missing: never a stack trace, always a cure.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

const isRunning = (pid) => spawnSync("kill", ["-0", String(pid)]).status === 0;

/** A folder whose `npm start` was killed, with the process that it began for its Worker, which lives on. */
async function killedServer(t) {
  const folder = clone(t);
  const lock = join(folder, "scripts", "steps", "lock.mjs");
  const begun = spawn(process.execPath, ["--eval", 'console.log("up"); setInterval(() => {}, 1000)', folder], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => begun.kill("SIGKILL"));
  await once(begun.stdout, "data");
  const code = `import { take } from ${JSON.stringify(lock)}; take(${JSON.stringify(join(folder, "build", "state", "in-use"))}).names(${begun.pid}); console.log("up"); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  return { folder, begun, holder };
}

test("`npm start` ends what an earlier one that was killed left running, before it looks at the port", async (t) => {
  const [{ folder, begun, holder }, { port }] = [await killedServer(t), await installation(t)];
  const ended = once(begun, "exit");

  const beside = await runScript("start.mjs", [], { PORT: port }, folder);
  assertFailsWith(beside, new RegExp(`port ${port} is taken`), /PORT=/);
  assert.ok(isRunning(begun.pid), "its `npm start` still runs: nothing is left behind");

  holder.kill("SIGKILL");
  await once(holder, "exit");
  const after = await runScript("start.mjs", [], { PORT: port }, folder);
  assertFailsWith(after, new RegExp(`earlier \`npm start\` left running \\(process ${begun.pid}\\)`), /PORT=/);
  await ended;
});

test("`npm start` leaves a process alone whose number a killed one had, and that runs no program of its folder", async (t) => {
  const [{ folder, holder }, { port }] = [await killedServer(t), await installation(t)];
  const other = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
  t.after(() => other.kill("SIGKILL"));
  holder.kill("SIGKILL");
  await once(holder, "exit");
  appendFileSync(join(folder, "build", "state", "in-use"), `\n${other.pid} 1`);
  await runScript("start.mjs", [], { PORT: port }, folder);
  assert.ok(isRunning(other.pid));
});

test("`npm start` names its own process where it serves already", async (t) => {
  const [folder, own] = [clone(t), await installation(t)];
  const lock = `import { take } from ${JSON.stringify(join(folder, "scripts", "steps", "lock.mjs"))}; take(${JSON.stringify(join(folder, "build", "state", "in-use"))});`;
  const { pid } = await serving(t, folder, own.origin, lock);
  assertFailsWith(await runScript("start.mjs", [], { PORT: own.port }, folder), new RegExp(`\`npm start\` \\(process ${pid}\\) serves on port ${own.port} already`), new RegExp(`kill ${pid}`));
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
async function serving(t, folder, origin, first = "") {
  const code = `${first} import { announce } from ${JSON.stringify(join(folder, "scripts", "steps", "serving.mjs"))}; announce(${JSON.stringify(origin)}); console.log("up"); setInterval(() => {}, 1000);`;
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

test("`npm run import` tells a refusal once, with the cure of that refusal", async (t) => {
  const problem = { title: "the import does not fit", code: "import_invalid", requestId: "req_1" };
  const place = "auth.user[2]";
  const cases = [
    [{ ...problem, param: place, detail: `${place}: it has no \`name\`` }, /mend each row that is named above, then/],
    [{ ...problem, param: place, detail: `${place}: it and auth.user[1] would both be \`a\` here; choose another \`userId\`` }, /choose another --user-id/],
    [{ ...problem, title: "the body is not the JSON that is expected", code: "malformed_json", detail: "the dump is UTF-32; write it again" }, /do with the dump what is said above/],
    [{ ...problem, code: "organization_busy", detail: "send the request again" }, /To mend it: run this again/],
    [{ ...problem, code: "permission_denied", title: "a permission is missing", detail: "a permission is missing" }, /GUILDHALL_TOKEN/],
  ];
  let answer;
  const server = createHttpServer((request, response) => {
    const isImport = request.url.startsWith("/v1/imports/");
    response.writeHead(isImport ? 422 : 201, { "content-type": "application/json" }).end(JSON.stringify(isImport ? answer : { token: "x" }));
  });
  const port = await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
  t.after(() => server.close());
  const folder = clone(t);
  for (const [refusal, cure] of cases) {
    answer = refusal;
    const result = await runScript("import.mjs", ["dump.json", "--origin", `http://127.0.0.1:${port}`], {}, folder);
    assertFailsWith(result, new RegExp(refusal.title), cure);
    for (const text of [place, refusal.title]) assert.ok(result.said.split(text).length <= 2, result.said);
    assert.equal(/--user-id/.test(result.said), /choose another/.test(refusal.detail), result.said);
  }
});

test("`npm run import` without a file shows its usage", async () => {
  assertFailsWith(await runScript("import.mjs", [], {}), /one file is wanted/, /npm run import -- FILE/);
});

test("`npm test` refuses a check that does not exist", async () => {
  assertFailsWith(await runScript("test.mjs", ["nonsense"], {}), /no check `nonsense`/, /npm test -- /);
});
