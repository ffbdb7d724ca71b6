// The JavaScript on the repository's front page: the first sample runs in Node, the application's lines compile.
//
// Owns: an installation behind HTTP for the sample. Never does: look at the package's own README (`readme.test.mjs` does).

import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import ts from "typescript";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

const front = readFileSync(at("README.md"), "utf8");
const samples = [...front.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
const sampleWith = (text) => samples.find((code) => code.includes(text));

describe("the front page's samples", () => {
  let project;
  let Directory;
  let createClient;
  before(async () => {
    project = await installed({ after: (end) => process.on("exit", end) });
    symlinkSync(at("node_modules", "hono"), join(project.folder, "node_modules", "hono"), "dir");
    ({ Directory } = await project.import("directory/node.js"));
    ({ createClient } = await project.import("client/client.js"));
  });

  /** A directory that answers on a port. */
  async function served(t) {
    const { fetch } = new Directory();
    const server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      const answer = await fetch(`http://localhost${url}`, { method, headers, body: chunks.length > 0 ? Buffer.concat(chunks) : undefined });
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const { token } = await createClient({ fetch }).dev.signIn({ userId: "kurt" });
    await createClient({ fetch, token }).organizations.create({ name: "Nirvana" });
    return `http://127.0.0.1:${server.address().port}`;
  }

  test("run in Node, the first one", async (t) => {
    const [code] = samples;
    const said = [...code.matchAll(/console\.log\(.*\); \/\/ (?:.*: )?(.*)$/gm)].map(([, text]) => text);
    assert.equal(said.length, 2);
    const origin = await served(t);
    assert.ok(code.includes("http://127.0.0.1:8787"));
    assert.equal(await project.node(code.replace("http://127.0.0.1:8787", origin)), `${said.join("\n")}\n`);
  });

  test("name the line that Next.js needs, as the error does where a bundle has left the file behind", async () => {
    const line = 'serverExternalPackages: ["guildhall"]';
    assert.ok(readFileSync(join(project.target, "README.md"), "utf8").includes(line));
    const { bytesAt } = await project.import("file.js");
    // What a server component of Next.js 16 gets in place of an address: an object of the bundler's, which is no `URL`.
    const ofTheBundler = { href: "/_next/static/media/guildhall_core.wasm", toString() { return this.href; } };
    for (const left of [ofTheBundler, "/_next/static/media/guildhall_core.wasm", new URL("file:///nowhere/guildhall_core.wasm"), new URL("https://songs.example/core.wasm")]) {
      assert.throws(() => bytesAt(left), (error) => error.code === "not_ready" && error.message.includes(line) && error.cause instanceof Error, String(left));
    }
  });

  test("tell an outage (503) from a bad pass (401), those of a Worker in the package's README", async () => {
    const readme = readFileSync(join(project.target, "README.md"), "utf8");
    const [code] = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code).filter((code) => code.includes("export default"));
    writeFileSync(join(project.folder, "worker.mjs"), code);
    const { default: worker } = await project.import("../../worker.mjs");
    const { fetch } = new Directory();
    const kurt = createClient({ fetch, token: (await createClient({ fetch }).dev.signIn({ userId: "kurt" })).token });
    await kurt.organizations.create({ name: "Nirvana" });
    const { token } = await kurt.organization("nirvana").pass();
    const own = await kurt.installation.keys();
    const ask = async (JWKS, pass) => {
      const response = await worker.fetch(new Request("https://songs.example/", { headers: { "guildhall-pass": pass } }), { JWKS });
      return [response.status, (await response.json()).code];
    };
    assert.deepEqual(await ask(own, token), [200, undefined]);
    assert.deepEqual(await ask("http://127.0.0.1:1/", token), [503, "unavailable"]);
    for (const bad of ["", "x", `${token.slice(0, -4)}AAAA`]) assert.deepEqual(await ask(own, bad), [401, "pass_invalid"]);
    assert.deepEqual(await ask({ keys: [] }, token), [401, "pass_unknown_key"]);
    await assert.rejects(ask(undefined, token), { code: "invalid_value" });
  });

  test("let plain members in where the application asks for a permission", async () => {
    const [, permission] = /requirePermission\("([^"]+)"\)/.exec(sampleWith('"guildhall/hono"'));
    const [, toml] = /```toml\n([\s\S]*?)```/.exec(front);
    const settings = Object.fromEntries([...toml.matchAll(/^(\w+) = ["'](.*)["']$/gm)].map(([, name, value]) => [name, value]));
    assert.deepEqual(Object.keys(settings), ["PERMISSIONS", "ROLES"]);
    const { fetch } = new Directory({ settings });
    const [kurt, dave] = await Promise.all(["kurt", "dave"].map(async (userId) => createClient({ fetch, token: (await createClient({ fetch }).dev.signIn({ userId })).token })));
    await kurt.organizations.create({ name: "Nirvana" });
    await kurt.organization("nirvana").members.add({ userId: "dave" });
    assert.equal((await dave.organization("nirvana").check({ permissions: [permission] })).allowed, true);
  });

  test("compile in strict TypeScript, those of an application and of a client", () => {
    const codes = [sampleWith('"guildhall/hono"'), `const token = "x";\n${sampleWith("createClient({ baseUrl: ")}`, samples[0]];
    const files = codes.map((code, index) => {
      const file = join(project.folder, `sample${index}.mts`);
      writeFileSync(file, `${code}\nexport {};\n`);
      return file;
    });
    const options = { strict: true, noEmit: true, exactOptionalPropertyTypes: true, types: [], skipLibCheck: true, target: ts.ScriptTarget.ES2022, lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"], module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
    const faults = ts.getPreEmitDiagnostics(ts.createProgram(files, options));
    assert.deepEqual(faults.map(({ file, messageText }) => `${file?.fileName.split("/").at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`), []);
  });
});
