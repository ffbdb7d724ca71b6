// The floor: `workers/floor.js` with its four tables.
//
// Owns: its schema, its sessions, and how each operation is asked.

import { createHmac, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { at as file } from "../../../scripts/steps/places.mjs";
import { ask } from "../load.mjs";
import { guest, owner, places, slug, star } from "../world.mjs";

const secret = "0123456789abcdef".repeat(4);
const passKey = generateKeyPairSync("ed25519").privateKey.export({ format: "der", type: "pkcs8" }).toString("base64url");

const schema = `
  CREATE TABLE organizations (id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, owner TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE members (organization TEXT NOT NULL REFERENCES organizations (id), user TEXT NOT NULL, email TEXT, name TEXT NOT NULL, role TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (organization, user)) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_user ON members (user, organization);
  CREATE INDEX members_by_age ON members (organization, at, user);
  CREATE INDEX members_by_email ON members (organization, email) WHERE email IS NOT NULL;
  CREATE TABLE invitations (id TEXT PRIMARY KEY, organization TEXT NOT NULL REFERENCES organizations (id), email TEXT NOT NULL, role TEXT NOT NULL,
    inviter TEXT NOT NULL, state TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, answerer TEXT, at INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX invitations_pending ON invitations (organization, email) WHERE state = 'pending';
  CREATE TABLE log (seq INTEGER PRIMARY KEY, organization TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE INDEX log_by_organization ON log (organization, seq);`;
const id = (column) => `printf('%08x-0000-4000-8000-%012x', ${column}, ${column})`;
const rows = [
  `INSERT INTO organizations SELECT ${id("i")}, slug, name, owner, 1700000000000 FROM temp.orgs`,
  `INSERT INTO members SELECT ${id("org")}, user, email, name, role, at FROM temp.people`,
];

function session({ id: user, email }) {
  const claims = Buffer.from(JSON.stringify({ user, email, expiresAt: Date.now() + 86_400_000 })).toString("base64url");
  return { authorization: `Bearer ${claims}.${createHmac("sha256", secret).update(claims).digest("base64url")}` };
}

const many = (count, make) => Array.from({ length: count }, (_, place) => make(place));

function operations({ port, world, fresh }) {
  const at = places(world);
  const get = (person, path) => async (count) => many(count, () => [{ path, headers: session(person) }]);
  const post = (person, path, body) => async (count) => many(count, () => [{ method: "POST", path, headers: session(person), body: body(fresh()) }]);
  const check = (place, person) => post(person, `/check/${slug(place)}`, () => ({ permissions: ["member:add"] }));
  const invite = (place) => post(owner(place), `/invite/${slug(place)}`, (number) => ({ email: `new-${number}@bench.example`, role: "member" }));
  const add = (place) => post(owner(place), `/add/${slug(place)}`, (number) => ({ userId: `new-${number}` }));
  const accept = async (count) => {
    const made = [];
    for (const who of many(count, () => guest(fresh("guest")))) {
      const { json } = await ask(port, { method: "POST", path: `/invite/${slug(at.accept)}`, headers: session(owner(at.accept)), body: { email: who.email, role: "member" } });
      made.push([{ method: "POST", path: "/accept", headers: session(who), body: { token: json?.token } }]);
    }
    return made;
  };
  return {
    healthz: async (count) => many(count, () => [{ path: "/healthz" }]),
    check: check(at.twenty, owner(at.twenty)),
    "check in the crowd": check(at.crowd, star),
    resolve: get(star, `/resolve/${slug(2)}`),
    "resolve, cached": get(owner(at.twenty), `/cached/${slug(at.twenty)}`),
    list: get(star, "/list"),
    members: get(owner(at.twenty), `/members/${slug(at.twenty)}`),
    "members of the crowd": get(star, `/members/${slug(at.crowd)}`),
    invite: invite(at.invite),
    "invite to the crowd": invite(at.crowd),
    accept,
    add: add(at.add),
    "add to the crowd": add(at.crowd),
    create: post(guest(1), "/create", (number) => ({ name: `Venue ${number}` })),
    pass: post(owner(at.twenty), `/pass/${slug(at.twenty)}`, () => ({})),
    gateway: get(owner(at.twenty), `/gateway/${slug(at.twenty)}`),
    burst: invite,
  };
}

export const floor = () => ({
  name: "floor",
  modules: [{ type: "ESModule", path: "/main.js", contents: readFileSync(file("benches", "edge", "workers", "floor.js"), "utf8") }],
  ...{ bindings: { SECRET_KEY: secret, PASS_KEY: passKey }, hasDatabase: true, hasHints: true, hasOrigin: true },
  state: [schema, rows],
  fill(database) {
    for (const sql of [schema, "BEGIN", ...rows, "COMMIT"]) database.exec(sql);
  },
  operations,
});
