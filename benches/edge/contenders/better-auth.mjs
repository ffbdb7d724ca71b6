// better-auth: its default settings, and its best.
//
// Owns: its bundle, its rows of the world, its cookies, and how each operation is asked. Never does: sign up: that
// hashes passwords, which nothing here is about.

import { createHmac } from "node:crypto";
import { at as file } from "../../../scripts/steps/places.mjs";
import { ask } from "../load.mjs";
import { guest, owner, places, slug, star } from "../world.mjs";
import { options } from "./better-auth-options.mjs";

const secret = "0123456789abcdef".repeat(4);
const origin = "http://127.0.0.1:8787";
const when = "'2023-11-14T22:13:20.000Z'";
const sessions = (from) => `INSERT INTO session (id, expiresAt, token, createdAt, updatedAt, userId)
  SELECT substr(hex(user) || '00000000000000000000000000000000', 1, 32), '2036-11-14T22:13:20.000Z', 'session-' || user, ${when}, ${when}, user FROM ${from}`;
const users = (from, name) => `INSERT OR IGNORE INTO user (id, name, email, emailVerified, createdAt, updatedAt) SELECT user, ${name}, email, 1, ${when}, ${when} FROM ${from}`;
const callers = "(SELECT DISTINCT user FROM temp.people WHERE role <> 'member')";
const id = (prefix, column) => `printf('${prefix}%024d', ${column})`;

const rows = [
  ...[users("temp.people", "name"), users("temp.guests", "user"), sessions(callers), sessions("temp.guests")],
  `INSERT INTO organization (id, name, slug, createdAt) SELECT ${id("org", "i")}, name, slug, ${when} FROM temp.orgs`,
  `INSERT INTO member (id, organizationId, userId, role, createdAt)
   SELECT ${id("mem", "i")}, ${id("org", "org")}, user, role, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') FROM temp.people`,
];

const idOf = (place) => `org${String(place).padStart(24, "0")}`;

/** Its own migrations, as SQL: they are run where the world is written. */
async function schema() {
  const [{ getMigrations }, { organization }, { DatabaseSync }] = await Promise.all([import("better-auth/db/migration"), import("better-auth/plugins/organization"), import("node:sqlite")]);
  const { compileMigrations } = await getMigrations({ ...options(organization, false), database: new DatabaseSync(":memory:") });
  return compileMigrations();
}

/** Cookies of people, each made once; with the cookie cache, as its first answer sets it. */
function people(port, best) {
  const cookies = new Map();
  const make = async ({ id: user }) => {
    const token = `session-${user}`;
    const signed = encodeURIComponent(`${token}.${createHmac("sha256", secret).update(token).digest("base64")}`);
    const cookie = `better-auth.session_token=${signed}`;
    if (!best) return cookie;
    const { head } = await ask(port, { path: "/api/auth/get-session", headers: { cookie, origin } });
    const kept = /\r\nset-cookie: (better-auth\.session_data=[^;]+)/i.exec(head);
    if (!kept) throw new Error(`better-auth set no session_data cookie:\n${head}`);
    return `${cookie}; ${kept[1]}`;
  };
  return async (person) => {
    if (!cookies.has(person.id)) cookies.set(person.id, await make(person));
    return { cookie: cookies.get(person.id), origin };
  };
}

const many = (count, make) => Array.from({ length: count }, (_, place) => make(place));

const operations = (best) => ({ port, world, fresh }) => {
  const as = people(port, best);
  const at = places(world);
  const api = (path) => `/api/auth/organization/${path}`;
  const get = (person, path) => async (count) => {
    const headers = await as(person);
    return many(count, () => [{ path, headers }]);
  };
  const post = (person, path, body, kind) => async (count) => {
    const headers = await as(person);
    return many(count, () => [{ method: "POST", path, headers, body: body(kind ? fresh(kind) : fresh()) }]);
  };
  const check = (place, person) => post(person, api("has-permission"), () => ({ organizationId: idOf(place), permissions: { member: ["create"] } }));
  const invite = (place) => post(owner(place), api("invite-member"), (number) => ({ organizationId: idOf(place), email: `new-${number}@bench.example`, role: "member" }));
  const full = (place, person) => get(person, api(`get-full-organization?organizationId=${idOf(place)}&membersLimit=20`));
  const add = (place) => post(owner(place), "/app/members", (number) => ({ organizationId: idOf(place), userId: guest(number).id }), `guest of ${place}`);
  const accept = async (count) => {
    const made = [];
    const headers = await as(owner(at.accept));
    for (const who of many(count, () => guest(fresh("guest")))) {
      const { json } = await ask(port, { method: "POST", path: api("invite-member"), headers, body: { organizationId: idOf(at.accept), email: who.email, role: "member" } });
      made.push([{ method: "POST", path: api("accept-invitation"), headers: await as(who), body: { invitationId: json?.id } }]);
    }
    return made;
  };
  return {
    healthz: async (count) => many(count, () => [{ path: "/api/auth/ok" }]),
    check: check(at.twenty, owner(at.twenty)),
    "check in the crowd": check(at.crowd, star),
    list: get(star, api("list")),
    members: full(at.twenty, owner(at.twenty)),
    "members of the crowd": full(at.crowd, star),
    invite: invite(at.invite),
    "invite to the crowd": invite(at.crowd),
    accept,
    add: add(at.add),
    "add to the crowd": add(at.crowd),
    create: post(guest(1), api("create"), (number) => ({ name: `Venue ${number}`, slug: `venue-${number}` })),
    burst: invite,
  };
};

/** One file, as wrangler would bundle it. */
async function bundle() {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    ...{ entryPoints: [file("benches", "edge", "workers", "better-auth.js")], bundle: true, minify: true, write: false, logLevel: "silent" },
    ...{ format: "esm", target: "esnext", conditions: ["workerd", "worker", "browser"], external: ["node:*", "cloudflare:*"] },
  });
  return outputFiles[0].text;
}

let made;

/** Both contenders share a bundle and a schema. */
export async function betterAuth(best) {
  made ??= Promise.all([bundle(), schema()]);
  const [contents, sql] = await made;
  return {
    name: best ? "better-auth, best" : "better-auth",
    modules: [{ type: "ESModule", path: "/main.js", contents }],
    ...{ bindings: { SECRET_KEY: secret, BEST: best }, flags: ["nodejs_compat"], hasDatabase: true },
    // It reads a list of members whole: a million of them are gigabytes, and a Worker has 128 MB.
    largest: 100_000,
    state: [sql, rows],
    fill(database) {
      for (const text of [sql, "BEGIN", ...rows, "COMMIT"]) database.exec(text);
    },
    operations: operations(best),
  };
}
