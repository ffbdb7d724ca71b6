// The doctor: each finding by its name, from configurations that have exactly that fault.
//
// Owns: the judgement on made-up knowledge, and one run of the command on a folder of its own with a local database.
// Never does: reach Cloudflare; what wrangler answers of a deployment is made up from its documentation.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { environment } from "../../scripts/steps/doctor/environment.mjs";
import { judge } from "../../scripts/steps/doctor/findings.mjs";
import { localSecrets, reason } from "../../scripts/steps/doctor/known.mjs";
import { databaseQuestions } from "../../scripts/steps/doctor/stored.mjs";
import { at } from "../../scripts/steps/places.mjs";
import { wrangler } from "../../scripts/steps/wrangler.mjs";

const config = () => ({
  vars: { PUBLIC_ORIGIN: "https://guildhall.example", AUTH: "[]" },
  d1_databases: [{ binding: "DB", database_id: "8f1a6b0c-0000-4000-8000-000000000001" }],
  kv_namespaces: [{ binding: "HINTS", id: "0123456789abcdef0123456789abcdef" }],
  services: [{ binding: "MESSENGER", service: "mailer" }],
  triggers: { crons: ["* * * * *"] },
});
const judged = { faults: [], development: false, loopback: false, roles: [], prefixes: [], audienceNone: [] };
const first = [{ name: "0001_initial.sql" }];
/** A database that answers each question by what it asks for. */
const database = ({ applied = first, held = [], stranded = [{ members: 0, example: null }] } = {}) => async (questions) =>
  questions.map((question) => (/d1_migrations/.test(question) ? applied : /member_roles/.test(question) ? held : stranded));
const known = (more = {}) => ({
  ...{ mode: "remote", beforeDeploy: false, file: "wrangler.toml", config: config(), secrets: { names: [], values: {} } },
  ...{ check: () => judged, ask: database(), migrations: ["0001_initial.sql"] },
  ...more,
});
const names = async (more) => (await judge(known(more))).map(({ level, name }) => `${level} ${name}`);
const judging = (more) => ({ check: () => ({ ...judged, ...more }) });
const having = (change) => {
  const changed = config();
  change(changed);
  return { config: changed };
};
const fault = (setting, code) => judging({ faults: [{ setting, code, what: `the setting ${setting} is at fault` }] });

test("a sound deployment has no finding", async () => assert.deepEqual(await names(), []));

test("each fault is found by its name and place, and every finding says what to do", async () => {
  const cases = [
    ["error auth_dev", /AUTH/, judging({ development: true })],
    ["error public_origin_loopback", /PUBLIC_ORIGIN/, judging({ loopback: true })],
    ["warning audience_none", /AUTH/, judging({ audienceNone: ["clerk"] })],
    ["error setting_invalid", /\[vars\] ROLES in wrangler\.toml/, fault("ROLES", "setting_invalid")],
    ["error secret_missing", /the secret SECRET_KEY/, fault("SECRET_KEY", "setting_missing")],
    ["error secret_invalid", /the secret OPERATOR_KEYS/, fault("OPERATOR_KEYS", "setting_invalid")],
    ["error secret_invalid", /the secret UPSTREAM_KEYS/, fault("UPSTREAM_KEYS", "setting_invalid")],
    ["error secret_in_vars", /\[vars\] OPERATOR_KEYS/, having((it) => { it.vars.OPERATOR_KEYS = "[]"; })],
    ["error database_missing", /d1_databases/, having((it) => delete it.d1_databases)],
    ["error database_id_placeholder", /d1_databases/, having((it) => { it.d1_databases[0].database_id = "00000000-0000-0000-0000-000000000000"; })],
    ["warning kv_missing", /kv_namespaces/, having((it) => delete it.kv_namespaces)],
    ["error kv_id_placeholder", /kv_namespaces/, having((it) => { it.kv_namespaces[0].id = "0".repeat(32); })],
    ["warning mailer_missing", /MESSENGER/, having((it) => { it.services = []; })],
    ["error challenge_unbound", /CHALLENGE/, having((it) => { it.vars.REGISTRATION_CHALLENGE = "service"; })],
    ["error rate_limit_unbound", /RATE_LIMIT_SIGNED_IN/, having((it) => { it.vars.RATE_LIMITS = "signed-in=600/60"; })],
    ["error rate_limit_unbound", /RATE_LIMIT_ANONYMOUS/, having((it) => { it.ratelimits = [{ name: "RATE_LIMIT_ANONYMOUS", simple: { limit: 60, period: 60 } }]; })],
    ["warning rate_limit_differs", /RATE_LIMIT_ANONYMOUS/, having((it) => { it.vars.RATE_LIMITS = "anonymous=60/60"; it.ratelimits = [{ name: "RATE_LIMIT_ANONYMOUS", simple: { limit: 50, period: 60 } }]; })],
    ["error cron_missing", /triggers/, having((it) => delete it.triggers)],
    ["error migrations_pending", /DB/, { migrations: ["0001_initial.sql", "0002_more.sql"] }],
    ["unchecked secrets_unchecked", /secrets/, { secrets: { unknown: "You are not authenticated" } }],
    ["unchecked secret_values_unchecked", /secrets/, { secrets: { names: ["SECRET_KEY"], values: {} } }],
    ["unchecked database_unchecked", /DB/, { ask: async () => ({ unknown: "You are not authenticated" }) }],
    ["warning held_role_undeclared", /ROLES/, { ask: database({ held: [{ role: "billing", holders: 1, organizations: 1 }] }) }],
    ["error users_prefix_changed", /AUTH/, { ...judging({ prefixes: ["c_"] }), ask: database({ stranded: [{ members: 2, example: "kurt" }] }) }],
  ];
  for (const [expected, place, more] of cases) {
    assert.deepEqual(await names(more), [expected]);
    for (const { where, what, cure } of await judge(known(more))) {
      assert.match(where, place, expected);
      assert.ok(what.length > 10 && cure.length > 5, expected);
    }
  }
});

test("holders of a role that is declared no more are counted for each role, and a declared one is not named", async () => {
  const held = [{ role: "billing", holders: 3, organizations: 2 }, { role: "auditor", holders: 1, organizations: 1 }, { role: "clerk", holders: 1, organizations: 1 }];
  const found = await judge(known({ ...judging({ roles: ["auditor"] }), ask: database({ held }) }));
  assert.deepEqual(found.map(({ what }) => /`(\w+)`.*: (\d holdings? in \d organizations?)/.exec(what).slice(1)), [["billing", "3 holdings in 2 organizations"], ["clerk", "1 holding in 1 organization"]]);
});

test("roles and prefixes that cannot be read are not held against what is stored", async () => {
  const faulty = { roles: null, prefixes: null };
  assert.deepEqual(Object.keys(databaseQuestions({ ...judged, ...faulty })), ["applied"]);
  assert.deepEqual(await names(judging(faulty)), []);
});

test("before a deployment pending migrations are no finding, and a database without tables is none either", async () => {
  assert.deepEqual(await names({ beforeDeploy: true, migrations: ["0001_initial.sql", "0002_more.sql"] }), []);
  const empty = { ask: async () => ({ unknown: "no such table: d1_migrations: SQLITE_ERROR" }) };
  assert.deepEqual(await names({ ...empty, beforeDeploy: true }), []);
  assert.deepEqual(await names(empty), ["error migrations_pending"]);
});

test("what needs a migration that was not applied is unchecked, and the rest is asked", async () => {
  const older = async (questions) => {
    const ofTicks = questions.some((question) => /ticks/.test(question));
    return ofTicks ? { unknown: "no such column: t.users" } : database({ held: [{ role: "billing", holders: 1, organizations: 1 }] })(questions);
  };
  const found = await names({ ...judging({ prefixes: [""] }), ask: older, beforeDeploy: true });
  assert.deepEqual(found, ["warning held_role_undeclared", "unchecked stored_unchecked"]);
});

test("of a deployed secret the value is unknown, so that another one stands in for it", () => {
  const vars = { AUTH: '[{"type":"upstream","keys":["a","b"]}]', TEAM_DEPTH: 3, SEAT_LIMIT: { most: 3 } };
  const given = (secrets) => environment({ config: { vars }, secrets });
  const { settings, unreadable } = given({ names: ["SECRET_KEY", "UPSTREAM_KEYS", "OPERATOR_KEYS"] });
  assert.deepEqual([settings.SECRET_KEY.length, Object.keys(JSON.parse(settings.UPSTREAM_KEYS)), settings.TEAM_DEPTH, unreadable], [32, ["a", "b"], "3", ["SEAT_LIMIT"]]);
  assert.equal(settings.OPERATOR_KEYS, undefined);
  assert.equal(given({ names: ["SECRET_KEY"] }).settings.UPSTREAM_KEYS, undefined, "it was not set");
  assert.equal(given({ unknown: "not authenticated" }).settings.SECRET_KEY.length, 32);
  assert.equal(given({ names: ["SECRET_KEY"], values: { SECRET_KEY: "short" } }).settings.SECRET_KEY, "short", "a file has it");
  assert.equal(given({ names: [], values: { SECRET_KEY: "short" } }).settings.SECRET_KEY, undefined, "it is in a file and was not set");
  assert.equal(given({ values: { SECRET_KEY: "short" } }).settings.SECRET_KEY, "short", "of this folder");
});

test("a secret in a file is checked, and what is not in it is unchecked", async () => {
  const secrets = { names: ["SECRET_KEY", "PASS_KEY"], values: { SECRET_KEY: "s".repeat(32) } };
  const [{ name, what }] = await judge(known({ secrets }));
  assert.equal(name, "secret_values_unchecked");
  assert.ok(what.includes("PASS_KEY") && !what.includes("SECRET_KEY"));
});

test("prefixes are asked of the database as texts", () => {
  assert.equal(databaseQuestions({ ...judged, prefixes: [] }).stranded, undefined);
  assert.match(databaseQuestions({ ...judged, prefixes: ["o'neil_"] }).stranded, /substr\(user, 1, 7\) = 'o''neil_'/);
});

test("what wrangler complains of is one line", () => {
  assert.equal(reason("\n\u001b[31m✘ [ERROR] You are not logged in\u001b[0m\n  see docs"), "You are not logged in");
});

/** A folder with a configuration and migrations of its own. */
function folder(t, text) {
  const path = mkdtempSync(join(tmpdir(), "guildhall-doctor-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(join(path, "wrangler.toml"), text);
  writeFileSync(join(path, ".dev.vars"), `SECRET_KEY="${"s".repeat(31)}" # one too few\nexport PASS_KEY='x'\nOPERATOR_KEYS='[{"name":"backend"}]'\n`);
  cpSync(at("migrations"), join(path, "migrations"), { recursive: true });
  return path;
}

/** Without an account: nothing that is kept in the home folder or the environment signs wrangler in. */
const stranger = (path) => ({ ...process.env, HOME: path, XDG_CONFIG_HOME: path, CLOUDFLARE_API_TOKEN: undefined, CLOUDFLARE_API_KEY: undefined });

function doctor(path, words) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [at("scripts", "doctor.mjs"), "--config", join(path, "wrangler.toml"), "--state", join(path, "state"), ...words], { cwd: at(), env: stranger(path) });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => { said += text; });
    child.once("close", (code) => resolve({ code, said }));
  });
}

const toml = ({ auth = '[{"type":"dev"}]', roles = "{}" }) => `
name = "guildhall-doctor"
main = "index.js"
compatibility_date = "2026-10-01"
[vars]
PUBLIC_ORIGIN = "http://127.0.0.1:8787"
AUTH = '${auth}'
ROLES = '${roles}'
SEAT_LIMIT = { most = 3 }
[[d1_databases]]
binding = "DB"
database_name = "guildhall"
database_id = "00000000-0000-0000-0000-000000000000"
migrations_dir = "migrations"
`;

/** Holders alone, without the members and organizations that the schema asks for. */
const holders = "DROP TABLE member_roles; CREATE TABLE member_roles (organization TEXT, user TEXT, role TEXT); \
  INSERT INTO member_roles VALUES ('org_1', 'dave', 'billing'), ('org_1', 'pat', 'billing'), ('org_1', 'pat', 'member'), ('org_2', 'pat', 'chief')";

/** Members alone, and the prefixes under which they came. */
const members = (...users) => `DROP TABLE memberships; CREATE TABLE memberships (organization TEXT, user TEXT, PRIMARY KEY (organization, user)); \
  INSERT INTO memberships VALUES ${users.map((user) => `('org_1', '${user}')`).join(", ")}; \
  INSERT OR REPLACE INTO ticks (id, at, failures, users) VALUES (1, 0, 0, '["", "o''neil|", "sso|"]')`;

const upstream = (users, place = 0) => ({ type: "upstream", name: `up-${place}`, keys: [`k${place}`], ...(users && { users }) });
const upstreams = (...prefixes) => JSON.stringify(prefixes.map(upstream)).replaceAll("'", "\\u0027");

test("the command asks the Worker's own rule and this folder's database", async (t) => {
  const path = folder(t, toml({ roles: '{"billing": {"permissions": ["invoice:read"]}}' }));
  assert.deepEqual(localSecrets(join(path, "wrangler.toml")).values, { SECRET_KEY: "s".repeat(31), PASS_KEY: "x", OPERATOR_KEYS: '[{"name":"backend"}]' });
  const first = await doctor(path, ["--json"]);
  assert.equal(first.code, 1, first.said);
  const found = JSON.parse(first.said).findings.map(({ level, name, where }) => `${level} ${name} (${where})`).sort();
  assert.deepEqual(found, [
    ...["error auth_dev ([vars] AUTH in wrangler.toml)", "error cron_missing ([triggers] in wrangler.toml)", "error database_id_placeholder ([[d1_databases]] DB in wrangler.toml)"],
    ...["error migrations_pending (the database DB)", "error public_origin_loopback ([vars] PUBLIC_ORIGIN in wrangler.toml)"],
    ...["error secret_invalid (the secret OPERATOR_KEYS)", "error secret_invalid (the secret PASS_KEY)", "error secret_invalid (the secret SECRET_KEY)"],
    ...["error setting_invalid ([vars] ROLES in wrangler.toml)", "error setting_invalid ([vars] SEAT_LIMIT in wrangler.toml)"],
    ...["warning kv_missing ([[kv_namespaces]] HINTS in wrangler.toml)", "warning mailer_missing ([[services]] MESSENGER in wrangler.toml)"],
  ]);
  assert.match(first.said, /the setting ROLES is wrong: `billing\.permissions`: there is no permission `invoice:read`/);
  assert.doesNotMatch(first.said, /sssss/, "a secret is never shown");

  const where = ["--local", "--persist-to", join(path, "state"), "--config", join(path, "wrangler.toml")];
  const run = async (...words) => assert.equal((await wrangler(["d1", ...words, ...where])).code, 0);
  await run("migrations", "apply", "DB");
  await run("execute", "DB", "--command", `${holders}; ${members("kurt", "sso|krist", "guildhall:x", "o''neil|pat")}`);
  const secrets = join(path, "production.env");
  writeFileSync(secrets, `SECRET_KEY=${"s".repeat(32)}\nUPSTREAM_KEYS='${JSON.stringify({ k0: "u".repeat(32), k1: "u".repeat(31) })}'\n`);
  const asked = async (auth, more = {}) => {
    writeFileSync(join(path, "wrangler.toml"), toml({ auth, ...more }));
    const { said } = await doctor(path, ["--json", "--secrets", secrets]);
    return JSON.parse(said).findings;
  };
  const named = (findings, wanted) => findings.filter(({ name }) => name === wanted).map(({ what }) => what);

  const whole = await asked(upstreams(""), { roles: '{"chief": {"permissions": []}}' });
  assert.ok(!whole.some(({ name }) => /^(migrations_pending|database_unchecked|stored_unchecked|auth_dev|secret_.*)$/.test(name)));
  assert.deepEqual(named(whole, "held_role_undeclared").map((what) => what.split(":")[0]), ["the role `billing` is declared no more"]);
  assert.match(named(whole, "held_role_undeclared")[0], /2 holdings in 1 organization /);
  assert.match(named(whole, "users_prefix_changed")[0], /2 members, like `o'neil\|pat`/);

  const short = await asked(upstreams("sso|", ""));
  assert.match(named(short, "secret_invalid")[0], /`k1` needs .*a secret of 32 bytes or more/);
  const named2 = await asked(upstreams("sso|"));
  assert.match(named(named2, "users_prefix_changed")[0], /2 members, like `kurt`/);
});

test("the command refuses words that it does not know", async (t) => {
  const path = folder(t, toml({}));
  const { code, said } = await doctor(path, ["--local", "--remote"]);
  assert.equal(code, 1);
  assert.match(said, /exclude each other/);
  assert.match((await doctor(path, ["--everything"])).said, /npm run doctor -- \[--local \| --remote\]/);
  assert.match((await doctor(path, ["--secrets", join(path, "none")])).said, /there is no `.*none`/);
});

test("without an account the deployed secrets are unchecked, and what is wrong here stops a deployment", async (t) => {
  const { code, said } = await doctor(folder(t, toml({})), ["--remote", "--before-deploy", "--json"]);
  const found = JSON.parse(said).findings.map(({ level, name }) => `${level} ${name}`);
  assert.equal(code, 1);
  assert.ok(found.includes("error database_id_placeholder") && found.includes("unchecked secrets_unchecked"), said);
});

/** `npm run deploy` among programs that only note how they were called; `failing` is the call that fails. */
function deploying(t, { failing = "none", words = [], env = {} } = {}) {
  const bin = mkdtempSync(join(tmpdir(), "deploy-"));
  t.after(() => rmSync(bin, { recursive: true }));
  const [log, { deploy }] = [join(bin, "log"), JSON.parse(readFileSync(at("package.json"), "utf8")).scripts];
  writeFileSync(log, "");
  for (const program of ["node", "wrangler"]) writeFileSync(join(bin, program), `#!/bin/sh\necho "${program} $*" >> "${log}"\ncase "${program} $*" in "${failing}"*) exit 1;; esac\n`, { mode: 0o755 });
  const script = deploy.replace(/^node /, "");
  const { status, stderr } = spawnSync(process.execPath, [at(script), ...words], { env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, ...env }, encoding: "utf8" });
  return { status, stderr, called: readFileSync(log, "utf8").split("\n").filter(Boolean) };
}

const stepsOfDeploy = ["node scripts/build.mjs", "node scripts/doctor.mjs --remote --before-deploy", "wrangler d1 migrations apply DB --remote", "wrangler deploy"];

test("`npm run deploy` ends at the first step that fails, so that an error of the doctor changes nothing", (t) => {
  assert.deepEqual(deploying(t), { status: 0, stderr: "", called: stepsOfDeploy });
  for (const [count, failing] of stepsOfDeploy.entries()) {
    const { status, stderr, called } = deploying(t, { failing });
    assert.deepEqual([status, called], [1, stepsOfDeploy.slice(0, count + 1)]);
    assert.match(stderr, /nothing after it was done/);
  }
});

test("`npm run deploy` refuses words and an environment that only some of its steps would hear", (t) => {
  for (const asked of [{ words: ["--env", "production"] }, { words: ["--var", "AUTH:x"] }, { words: ["x"] }, { env: { CLOUDFLARE_ENV: "production" } }]) {
    const { status, stderr, called } = deploying(t, asked);
    assert.deepEqual([status, called], [1, []]);
    assert.match(stderr, /npm run deploy/);
  }
});
