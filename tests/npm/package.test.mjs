// The packed package in Node: its entries, its functions, its errors, its types.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

const org = (digit) => `org_018900000000700080000000000000${digit}${digit}`;
const mem = (digit) => `mem_018900000000700080000000000000${digit}${digit}`;

const membership = (digit, slug, roles = ["member"]) => ({
  id: mem(digit),
  organization: { id: org(digit), slug, name: slug, state: "active", ownerId: "dave", version: 3 },
  roles,
});

const organization = {
  id: org(1), slug: "nirvana", name: "Nirvana", state: "active", owner: "kurt", version: 2, metadata: {}, settings: {},
  logoUrl: null, seatLimit: null, memberCount: 2, pendingCount: 0, createdAt: 0, updatedAt: 0,
};
const member = (user, digit, roles) => ({ id: mem(digit), organization: org(1), user, email: null, name: null, roles, joinedAt: 0 });
const facts = { organization, members: { kurt: member("kurt", 1, ["admin"]), krist: member("krist", 2, ["member"]) } };
const command = (userId, action) => ({ actor: { userId }, target: { organization: "nirvana" }, action });

describe("the packed package", () => {
  let project;
  let api;
  before(async () => {
    project = await installed({ after: (end) => process.on("exit", end) });
    api = await project.import("node.js");
  });

  const refused = (call, code, param) => assert.throws(call, (error) => {
    assert.ok(error instanceof Error && error instanceof api.GuildhallError, String(error));
    assert.equal(error.name, "GuildhallError");
    assert.equal(error.code, code, error.message);
    if (param) assert.equal(error.param, param);
    return error.title.length > 0 && error.message.length > 0;
  });

  test("holds each wasm file once, and nothing that is not for users", () => {
    const files = readdirSync(project.target, { recursive: true }).map(String);
    for (const name of ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "CHANGELOG.md", "index.d.ts", "directory.d.ts", "pass.d.ts", "client.d.ts", "client/answers.d.ts", "client/inputs.d.ts", "client/inputs-installation.d.ts", "client/installation.d.ts", "client/organizations.d.ts", "client/people.d.ts", "client/records.d.ts", "types/audit.d.ts", "types/commands.d.ts", "types/decisions.d.ts", "types/facts.d.ts", "types/resolution.d.ts", "types/values.d.ts", "hono.d.ts"]) assert.ok(files.includes(name), name);
    const wasm = ["core/guildhall_core", "directory/guildhall_directory_bg", "pass/guildhall_pass", "planning/guildhall_planning"];
    assert.deepEqual(files.filter((name) => name.endsWith(".wasm")).sort(), wasm.map((name) => `wasm/${name}.wasm`));
  });

  test("holds what its list names and nothing that lies about elsewhere", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "guildhall-stale-"));
    t.after(() => rmSync(folder, { recursive: true }));
    cpSync(at("pkg"), folder, { recursive: true });
    for (const stale of ["wasm/pass/guildhall_pass.js", "wasm/pass/guildhall_pass.d.ts", "wasm/core/client.d.ts", "wasm/node.js", "wasm/README.md", "old/types/values.d.ts", "notes.md"]) {
      mkdirSync(join(folder, dirname(stale)), { recursive: true });
      writeFileSync(join(folder, stale), "stale");
    }
    const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: folder });
    const [{ files }] = JSON.parse(stdout);
    const packed = files.map(({ path }) => path);
    const ours = readdirSync(project.target, { recursive: true }).map(String).filter((name) => statSync(join(project.target, name)).isFile());
    assert.deepEqual(packed.sort(), ours.sort());
  });

  test("exports the same names everywhere, and a type for each", () => {
    const listed = (text) => [...text.matchAll(/^export \{ ([^}]+) \}/gm)].flatMap(([, names]) => names.split(",").map((name) => name.trim()).filter(Boolean));
    const single = (text) => [...text.matchAll(/^export (?:declare )?(?:const|function|class) (\w+)/gm)].map(([, name]) => name);
    const names = (text) => [...single(text), ...listed(text)].sort();
    for (const [folder, types] of [["", "index.d.ts"], ["directory/", "directory.d.ts"], ["pass/", "pass.d.ts"]]) {
      const typed = names(readFileSync(join(project.target, types), "utf8"));
      assert.ok(typed.length >= 2, String(typed));
      for (const entry of ["node.js", "browser.js", "workerd.js"]) {
        assert.deepEqual(names(readFileSync(join(project.target, folder, entry), "utf8")), typed, `${folder}${entry}`);
      }
    }
    assert.deepEqual(Object.keys(api).sort(), names(readFileSync(join(project.target, "index.d.ts"), "utf8")));
  });

  const ofDirectories = ["snapshot_invalid", "snapshot_too_new", "storage_missing", "storage_full", "directory_closed"];
  const ofClients = ["pass_handle_closed", "token_unavailable"];
  test("says of everything that it declares what it is", () => {
    const files = readdirSync(project.target, { recursive: true }).filter((name) => name.endsWith(".d.ts"));
    for (const name of files) {
      const lines = readFileSync(join(project.target, name), "utf8").split("\n");
      const declared = (at) => /^export (?:declare )?(?:interface|type|function|class|const) (\w+)/.exec(lines[at] ?? "")?.[1];
      // An overload stands below the first of its name.
      const silent = lines.filter((_, at) => declared(at) && !lines[at - 1].endsWith("*/") && !lines.slice(0, at).some((line, before) => declared(before) === declared(at)));
      assert.deepEqual(silent, [], name);
      assert.ok(lines.length <= 400, `${name}: ${lines.length} lines`);
    }
  });

  test("lists every code of the core in its types, and no other", () => {
    const types = readFileSync(join(project.target, "index.d.ts"), "utf8");
    const typed = [...types.slice(types.indexOf("GuildhallErrorCode =")).split(";")[0].matchAll(/"(\w+)"/g)].map(([, code]) => code);
    const core = readFileSync(at("src/domain/denial.rs"), "utf8");
    const codes = [...core.slice(core.indexOf("reasons! {")).matchAll(/^\s+\w+\s+\w+\s+"(\w+)"\s+"/gm)].map(([, code]) => code);
    assert.deepEqual(typed.sort(), ["not_ready", "unavailable", ...ofDirectories, ...ofClients, ...codes].sort());
  });

  test("is loaded by its name", async () => {
    const code = 'import { suggestSlug } from "guildhall"; import { Directory } from "guildhall/directory"; import { createClient, GuildhallError } from "guildhall/client"; import * as core from "guildhall"; console.log(suggestSlug("Foo Fighters"), typeof Directory, typeof createClient, GuildhallError === core.GuildhallError);';
    assert.equal(await project.node(code), "foo-fighters function function true\n");
  });

  test("parses", () => {
    assert.equal(api.parseSlug("nirvana"), "nirvana");
    refused(() => api.parseSlug("admin"), "slug_reserved");
    refused(() => api.parseSlug("-x"), "slug_invalid");
    assert.equal(api.suggestSlug("Föö Fíghterß"), "foo-fighterss");
    assert.deepEqual(api.parseEmail(" Krist@Nirvana.com "), { address: "Krist@Nirvana.com", canonical: "krist@nirvana.com" });
    refused(() => api.parseEmail("krist"), "email_invalid");
  });

  test("resolves as the API does", () => {
    const memberships = [membership(1, "nirvana", ["admin"]), membership(2, "scream")];
    const resolve = (request) => api.resolveOrganization({ caller: "krist", memberships, ...request });
    const byPath = resolve({ url: "/o/nirvana/songs#verse" });
    assert.deepEqual([byPath.outcome, byPath.source, byPath.organization.slug, byPath.roles], ["resolved", "path", "nirvana", ["admin"]]);
    assert.ok(byPath.permissions.includes("member:add") && !byPath.permissions.includes("organization:delete"));
    assert.equal(resolve({ url: new URL("https://x.example/?org=scream"), headers: new Headers({ "Guildhall-Organization": "nirvana" }) }).outcome, "ambiguous");
    assert.equal(resolve({ url: "https://scream.bands.example/", config: { baseDomain: "bands.example" } }).source, "host");
    assert.equal(resolve({ url: "/", headers: { "guildhall-organization": ["nirvana", "nirvana"] } }).outcome, "unknown");
    assert.equal(resolve({ url: "/" }).outcome, "choose");
    assert.equal(resolve({ url: "/", remembered: org(2) }).source, "remembered");
    assert.equal(resolve({ url: "/?org=foo-fighters" }).outcome, "unknown");
    assert.equal(api.resolveOrganization({ url: "/" }).outcome, "none");
    refused(() => api.resolveOrganization({ url: "/", memberships }), "missing_field", "caller");
  });

  test("decides and evolves", () => {
    const promote = { type: "member.update", user: "krist", roles: ["admin"] };
    const decision = api.decide(facts, command("kurt", promote), new Date(5));
    assert.deepEqual(decision.events, [{ type: "member.roles_changed", user: "krist", from: ["member"], to: ["admin"] }]);
    const after = api.evolve(facts, decision.events[0]);
    assert.deepEqual(after.members.krist.roles, ["admin"]);
    assert.deepEqual(facts.members.krist.roles, ["member"]);
    assert.deepEqual(api.decide(after, command("kurt", promote), "2026-01-01T00:00:00Z").events, []);
    refused(() => api.decide(facts, command("krist", promote), 5), "permission_denied");
    refused(() => api.decide(facts, command("dave", promote), 5), "not_found");
    refused(() => api.decide(facts, command("kurt", { type: "member.leave" }), 5), "owner_required");
    const role = { type: "role.create", role: "role_01890a5d0c0070008000000000000009", key: "payer", name: "Payer", permissions: ["invoice:pay"] };
    refused(() => api.decide(facts, command("kurt", role), 5), "unknown_permission", "permissions");
    assert.equal(api.decide(facts, command("kurt", role), 5, ["invoice:pay"]).events[0].type, "role.created");
  });

  test("says which file a bundle has left behind", async () => {
    const imports = 'export { Directory } from "guildhall/directory"; export { verifyPass } from "guildhall/pass";';
    const outfile = join(project.folder, "alone", "bundle.mjs");
    await build({ stdin: { contents: imports, resolveDir: project.folder }, bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
    const { Directory, verifyPass } = await import(pathToFileURL(outfile));
    const missing = (name) => (error) => error.code === "not_ready" && error.message.includes(`${name}.wasm`) && error.cause.code === "ENOENT";
    await assert.rejects(new Directory().fetch("/healthz"), missing("guildhall_directory_bg"));
    await assert.rejects(verifyPass("a.b.c", { jwks: { keys: [] } }), missing("guildhall_pass"));
  });

  test("answers the fallback of a setting as it was given, and what is there in its place", () => {
    const fallbacks = [Infinity, NaN, 5n, undefined, null, new Date(), () => 1, Symbol("x"), new Map(), { a: [1] }];
    for (const fallback of fallbacks) for (const settings of [{}, null, undefined]) assert.ok(Object.is(api.setting(settings, "tempo", fallback), fallback), String(fallback));
    assert.equal(api.setting({}, "tempo"), undefined);
    for (const value of [117, null, false, true, "", { a: [1] }]) assert.deepEqual(api.setting({ tempo: value }, "tempo", Infinity), value);
    refused(() => api.setting(3, "tempo", Infinity), "invalid_value");
    refused(() => api.setting({}, 3, Infinity), "invalid_value");
  });

  test("answers garbage with an error of its own, always", () => {
    const cycle = {};
    cycle.self = cycle;
    const garbage = [undefined, null, 0, NaN, -1, 1n, "", "x".repeat(1_000_000), "\ud800", {}, [], cycle, Symbol("x"), () => 1, new Date(NaN), new Map([[1, 2]]), JSON.parse("[".repeat(500) + "]".repeat(500))];
    const calls = [(x) => api.parseSlug(x), (x) => api.parseEmail(x), (x) => api.resolveOrganization(x), (x) => api.resolveOrganization({ url: x }),
      (x) => api.resolveOrganization({ url: "/", headers: x, memberships: x }), (x) => api.decide(x, x, x), (x) => api.decide(facts, command("kurt", x), 5),
      (x) => api.decide(facts, command("kurt", { type: "member.leave" }), x), (x) => api.evolve(x, x), (x) => api.suggestSlug(x)];
    let errors = 0;
    for (const call of calls) {
      for (const each of garbage) {
        try {
          call(each);
        } catch (error) {
          errors += 1;
          assert.ok(error instanceof api.GuildhallError, `${call} ${String(each).slice(0, 40)}: ${error.stack}`);
        }
      }
    }
    assert.ok(errors > calls.length * garbage.length * 0.8, `${errors} errors`);
    assert.equal(api.parseSlug("nirvana"), "nirvana");
  });
});
