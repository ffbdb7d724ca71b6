// The packed package's declarations: found by every way of resolving, with TypeScript 5 and the current
// one, and without complaint from the two tools that judge packages.
//
// Owns: a program that uses every value. Never does: check what the types say (`client-types.test.mjs` does).

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { promisify } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { at, nodeBinary } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

const run = promisify(execFile);

const program = `
  import { decide, evolve, GuildhallError, parseEmail, parseSlug, permissionsOf, createPassHandle, planning, ready, resolveOrganization, setting, suggestSlug, verifyPass, verifyPassport, type Command, type Facts, type PassHandle, type PassSnapshot } from "guildhall";
  import { createPassHandle as handleAlone, verifyPass as alone, verifyPassport as aloneToo } from "guildhall/pass";
  import { init, initPasses, initPlanning, suggestSlug as slim } from "guildhall/slim";
  import { Directory } from "guildhall/directory";
  import { createClient, permissionsOf as alike, type ChangeOptions, type MemberAnswer, type RemoveMemberAnswer, type Trial } from "guildhall/client";
  import { guildhall, requireMember, requirePermission, withGuildhall, type GuildhallVariables } from "guildhall/hono";
  import { signPrincipal, type SignedPrincipal, type UpstreamKey } from "guildhall/upstream";
  import core from "guildhall/core.wasm";
  import passes from "guildhall/pass.wasm";
  import planningRules from "guildhall/planning.wasm";
  import { Hono } from "hono";

  await ready;
  await planning();
  const slug: string = parseSlug(suggestSlug(slim(parseEmail("kurt@nirvana.com").canonical)));
  const options = { jwks: { keys: [] }, audience: "songs" };
  const may: boolean = (await verifyPass("x", options)).can("invoice:read") && (await alone("x", options)).isOwner;
  const there: boolean = (await verifyPassport("x", options)).can("nirvana", "invoice:read") && (await aloneToo("x", options)).hasMore;
  const found = resolveOrganization({ url: "/", headers: new Headers() });
  if (found.outcome === "resolved") found.organization.slug.toUpperCase();
  const command: Command = { actor: { userId: "kurt" }, target: { organization: slug }, action: { type: "member.leave" } };
  const facts: Facts = {};
  for (const event of decide(facts, command, new Date()).events) evolve(facts, event).members;
  try { setting({}, "colour", "red"); } catch (error) { if (error instanceof GuildhallError && error.code === "not_ready") error.title.length; }
  init(new Uint8Array());
  initPasses(new WebAssembly.Module(new ArrayBuffer(8)));
  const loading: Promise<void> = initPlanning(fetch("/planning.wasm"));
  await Promise.all([loading, init(core), initPasses(passes), initPlanning(planningRules)]);
  const answer: Response = await new Directory({ seatLimit: 5 }).fetch("/healthz");
  const kept: Directory = await Directory.open({ persist: "songs", snapshot: await new Directory().snapshot() });
  await kept.close().catch((error: unknown) => { if (error instanceof GuildhallError && error.code === "storage_missing") return Directory.delete("songs"); });
  const me = await createClient({ token: "x" }).me.get();
  const asking = createClient({ baseUrl: "https://guildhall.example", token: async ({ refused }) => (refused ? undefined : "x") });
  const handle: PassHandle = createPassHandle({ client: asking, organization: "nirvana", audience: "songs" });
  const shown: PassSnapshot = handleAlone({ client: asking }).getSnapshot();
  const stop: () => void = handle.subscribe(() => handle.can("invoice:read") && handle.canOrThrow("invoice:read"));
  if (shown.state === "ready" && !shown.pass?.expired) stop();
  const backEnd = createClient({ operatorKey: "gho_x", actAs: { userId: "kurt", email: "kurt@nirvana.com" } });
  await backEnd.organization("nirvana").members.add({ userId: "krist" }, { actAs: null, dryRun: true });
  // @ts-expect-error a number is no user
  createClient({ operatorKey: "gho_x", actAs: 5 });
  const config = { permissions: ["invoice:read"] };
  if (resolveOrganization({ url: "/", caller: me.principal, memberships: me.memberships, roles: me.roles, config }).outcome === "choose") throw me.currentOrganization?.id;
  const app = new Hono<{ Variables: GuildhallVariables }>().use(guildhall({ worker: new Directory() }), requireMember(), requirePermission("invoice:read"));
  const said: SignedPrincipal = { userId: "kurt", signedInAt: new Date() };
  const upstreamKey: UpstreamKey = { id: "a", secret: "s".repeat(32), origin: "https://guildhall.example" };
  export const signed: Promise<Request> = signPrincipal(new Request("https://guildhall.example/v1/me"), said, upstreamKey);
  export default { fetch: withGuildhall(() => new Response(), { worker: new Directory() }), app, may, there, answer, me };
  // @ts-expect-error a number is no slug
  parseSlug(5);

  // A pass that was believed, and what the application declared by itself.
  const resolved = resolveOrganization({ url: "/", caller: me.principal, memberships: me.memberships, roles: me.roles, pass: await verifyPass("x", options) });
  if (resolved.outcome === "resolved") resolved.permissions.includes("invoice:read") && resolved.permissions.includes("member:read") && resolved.roles.includes("billing");
  const nirvana = createClient().organization("nirvana");
  const [page, choice] = [await createClient().organizations.list().page(), await createClient().resolve({ explain: true })];
  const answers = [permissionsOf(me, "nirvana"), alike(page, "nirvana", new Date()), permissionsOf(choice, { id: "org_1" }), permissionsOf(resolved, "nirvana"), (await nirvana.get()).permissions, choice.permissions];
  // @ts-expect-error what allows something is said beside the memberships
  permissionsOf({ memberships: me.memberships }, "nirvana");
  for (const permissions of answers) permissions?.includes("invoice:read");

  const pass = await verifyPass("x", options);
  pass.canAll(new Set(["invoice:read"])) && pass.canAny(["invoice:read"] as const);
  // @ts-expect-error a text is no list
  pass.canAll("invoice:read");

  // A trial is answered for a trial, and either where nobody can know.
  const preview: boolean = may;
  const always: ChangeOptions = { dryRun: true };
  const trial: Trial = await nirvana.members.remove("krist", {}, { dryRun: true });
  const done: RemoveMemberAnswer[] = [await nirvana.members.remove("krist"), await nirvana.members.remove("krist", {}, { dryRun: false, ifMatch: 2 })];
  const added: MemberAnswer[] = [await nirvana.members.add({ userId: "krist" }, { ifAbsent: true }), await nirvana.members.add({ userId: "krist" }, { ifMatch: 2, ifAbsent: true })];
  const tried: Trial = await nirvana.members.add({ userId: "krist" }, { ifAbsent: true, dryRun: true });
  for (const either of [await nirvana.members.remove("krist", {}, { dryRun: preview }), await nirvana.members.remove("krist", {}, always)]) {
    if ("dryRun" in either) either.affectedMembers?.length; else either.removed.valueOf();
    // @ts-expect-error it may be a trial
    either.removed;
  }
  // @ts-expect-error no such option
  await nirvana.delete({ dryrun: true });
  export { trial, tried, done, added };
`;

/** What runs where there is no page: everything but Hono, whose own types want one. */
const pageless = `
  import { verifyPass } from "guildhall";
  import "guildhall/pass";
  import { init } from "guildhall/slim";
  import { createClient } from "guildhall/client";
  import { Directory } from "guildhall/directory";
  import core from "guildhall/core.wasm";

  const directory = new Directory();
  const client = createClient({ fetch: directory.fetch, headers: { "x-app": "songs" }, credentials: "include" });
  const other = createClient({ fetch, headers: new Headers(), baseUrl: "https://guildhall.example" });
  createClient({ headers: [["x-app", "songs"]], fetch: (url, init) => directory.fetch(url, init), token: Promise.resolve("x") });
  createClient({ fetch: directory });
  await client.me.get({ headers: new Headers(), signal: AbortSignal.timeout(5) });
  await verifyPass("x", { jwks: "https://guildhall.example/.well-known/jwks.json", fetch, signal: AbortSignal.timeout(5) });
  await verifyPass("x", { jwks: await other.installation.keys(), fetch: directory.fetch });
  await verifyPass("x", { jwks: "https://guildhall.example/.well-known/jwks.json", fetch: directory });
  init(new Uint8Array());
  init(core);
  await init(new Response());
  // @ts-expect-error a number is no WebAssembly
  init(5);
`;

const compilers = { "TypeScript 5": at("node_modules", "typescript", "lib", "tsc.js"), "the current TypeScript": at("node_modules", "typescript-7", "bin", "tsc") };
const resolutions = { node16: "node16", nodenext: "nodenext", bundler: "esnext" };

describe("declarations", () => {
  let project;
  let entries;
  before(async () => {
    project = await installed({ after: (end) => process.on("exit", end) });
    symlinkSync(at("node_modules", "hono"), join(project.folder, "node_modules", "hono"), "dir");
    const { exports } = JSON.parse(readFileSync(join(project.target, "package.json"), "utf8"));
    entries = Object.entries(exports).filter(([name, to]) => to.types && !name.endsWith(".wasm"));
    writeFileSync(join(project.folder, "program.mts"), program);
    writeFileSync(join(project.folder, "names.mts"), entries.map(([name, { types }]) => named(name.replace(/^\./, "guildhall"), types)).join("\n"));
  });

  /** Every type that an entry declares, in its own file or in those it passes on, asked for by its name. */
  function named(entry, file) {
    const text = readFileSync(join(project.target, file), "utf8");
    const passed = [...text.matchAll(/^export type \* from "(\.\/types\/\w+)\.js"/gm)].map(([, path]) => readFileSync(join(project.target, `${path}.d.ts`), "utf8"));
    const declared = [text, ...passed].join("\n").matchAll(/^export (?:type|interface) (\w+)/gm);
    const names = [...declared].map(([, name], index) => `${name} as ${entry.replace(/\W/g, "_")}${index}`);
    return names.length > 0 ? `export type { ${names.join(", ")} } from "${entry}";` : "";
  }

  test("have the program here use every value", async () => {
    for (const [name, { types }] of entries) {
      const values = [...readFileSync(join(project.target, types), "utf8").matchAll(/^export (?:declare )?(?:const|function|class) (\w+)/gm)].map(([, value]) => value);
      assert.deepEqual(values.filter((value) => !new RegExp(`\\b${value}\\b`).test(program)), [], name);
    }
  });

  for (const [compiler, tsc] of Object.entries(compilers)) {
    for (const [resolution, module] of Object.entries(resolutions)) {
      test(`are found by ${compiler} with ${resolution}`, async () => {
        const options = { strict: true, noEmit: true, exactOptionalPropertyTypes: true, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [] };
        const config = { compilerOptions: { ...options, module, moduleResolution: resolution }, files: ["program.mts", "names.mts"] };
        writeFileSync(join(project.folder, `tsconfig.${resolution}.json`), JSON.stringify(config));
        const { stdout, stderr, code = 0 } = await run(nodeBinary(), [tsc, "--project", `tsconfig.${resolution}.json`], { cwd: project.folder }).catch((failure) => failure);
        assert.deepEqual([code, stdout, stderr], [0, "", ""]);
      });
    }

    test(`need no types of a page's, to ${compiler}`, async () => {
      writeFileSync(join(project.folder, "pageless.mts"), pageless);
      const options = { strict: true, noEmit: true, exactOptionalPropertyTypes: true, skipLibCheck: false, target: "es2022", lib: ["es2022"], types: ["node"], module: "nodenext" };
      writeFileSync(join(project.folder, "tsconfig.pageless.json"), JSON.stringify({ compilerOptions: { ...options, typeRoots: [at("node_modules", "@types")] }, files: ["pageless.mts"] }));
      const { stdout, stderr, code = 0 } = await run(nodeBinary(), [tsc, "--project", "tsconfig.pageless.json"], { cwd: project.folder }).catch((failure) => failure);
      assert.deepEqual([code, stdout, stderr], [0, "", ""]);
    });
  }

  test("let no snippet of the README overlook what may be absent", async () => {
    const readme = readFileSync(join(project.target, "README.md"), "utf8");
    const snippets = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code).filter((code) => !code.includes('"node:'));
    const files = snippets.map((code, index) => { writeFileSync(join(project.folder, `snippet${index}.mjs`), code); return `snippet${index}.mjs`; });
    const options = { strict: true, noImplicitAny: false, allowJs: true, checkJs: true, noEmit: true, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [], module: "nodenext" };
    writeFileSync(join(project.folder, "tsconfig.readme.json"), JSON.stringify({ compilerOptions: options, files }));
    const { stdout, stderr, code } = await run(nodeBinary(), [compilers["TypeScript 5"], "--project", "tsconfig.readme.json"], { cwd: project.folder }).catch((failure) => failure);
    assert.ok(files.length >= 6);
    assert.deepEqual([code, stderr], [2, ""], "the compiler ran, and found what JavaScript cannot say");
    // What JavaScript cannot say (that a text is one of a few) is none of their faults.
    assert.deepEqual(stdout.split("\n").filter((line) => /TS(2307|2531|2532|2533|18047|18048|18049):/.test(line)), []);
  });

  test("and everything else pleases publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: project.target, strict: true, pack: false });
    assert.deepEqual(messages.map((message) => formatMessage(message, pkg, { color: false })), []);
  });

  test("please attw in every entry", async () => {
    const tarball = join(project.folder, readdirSync(project.folder).find((name) => name.endsWith(".tgz")));
    const attw = at("node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
    const { stdout, code = 0 } = await run(nodeBinary(), [attw, tarball, "--profile", "esm-only", "--format", "ascii", "--no-color"]).catch((failure) => failure);
    assert.equal(code, 0, stdout);
    for (const [name] of entries) assert.ok(stdout.includes(`"${name.replace(/^\./, "guildhall")}"`), name);
  });
});
