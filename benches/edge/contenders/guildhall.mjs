// Guildhall: the Worker of a checkout, with the settings of a busy installation.
//
// Owns: its bindings, its rows of the world, and how each operation is asked. Never does: build it.

import { generateKeyPairSync, sign } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { guest, owner, places, slug, star } from "../world.mjs";
import { ask } from "../load.mjs";

const roomy = ["INVITATIONS_PENDING", "INVITATIONS_PER_DAY", "INVITATIONS_PER_INVITER_AND_DAY", "INVITATIONS_PER_RECIPIENT_AND_DAY"];

const bindings = {
  ...{ PUBLIC_ORIGIN: "http://127.0.0.1:8787", SECRET_KEY: "0123456789abcdef".repeat(4) },
  MAX_OWNED_ORGANIZATIONS: "10000",
  ...Object.fromEntries(roomy.map((name) => [name, "1000000"])),
};

const since = 1_700_000_000_000;
const organizationId = (column) => `printf('org_%012x700080000000%08x', ${column}, ${column})`;
const memberId = (column) => `printf('mem_%012x700080000000%08x', ${column}, ${column})`;

/** The event of a founding, for the audit log. The owner of organization `i` is person `i`. */
const founded = `json_array(json_object('type', 'organization.created',
  'organization', json_object('id', ${organizationId("i")}, 'slug', slug, 'name', name, 'state', 'active', 'owner', owner, 'version', 0, 'metadata', json('{}'),
    'settings', json('{}'), 'logoUrl', NULL, 'seatLimit', NULL, 'memberCount', 1, 'pendingCount', 0, 'joinRequests', 'open', 'createdAt', ${since}, 'updatedAt', ${since}),
  'owner', json_object('id', ${memberId("i")}, 'organization', ${organizationId("i")}, 'user', owner, 'email', owner || '@bench.example', 'emailVerified', json('true'),
    'name', 'Owner ' || i, 'roles', json_array('admin'), 'state', 'active', 'kind', 'human', 'title', NULL, 'until', NULL, 'joinedAt', ${since})))`;

/**
 * As the Worker would write them, through the schema's own triggers. The words of members go beside them. An older
 * commit's schema has no order of all events.
 */
const rowsOf = (hasOrder) => [
  `INSERT INTO slugs (slug, organization, taken_at) SELECT slug, ${organizationId("i")}, ${since} FROM temp.orgs`,
  `INSERT INTO commits (organization, seq, at, actor, action, events, hash${hasOrder ? ", position" : ""})
   SELECT ${organizationId("i")}, 1, ${since}, owner, 'organization.create', ${founded}, printf('%064x', i)
   ${hasOrder ? ", row_number() OVER ()" : ""} FROM temp.orgs`,
  `INSERT INTO organizations (id, slug, name, name_key, state, owner, version, metadata, settings, created_at, updated_at)
   SELECT ${organizationId("i")}, slug, name, lower(name), 'active', owner, 1, '{}', '{}', ${since}, ${since} FROM temp.orgs`,
  `INSERT INTO memberships (organization, user, id, email, email_key, email_verified, name, name_key, roles, joined_at)
   SELECT ${organizationId("org")}, user, ${memberId("i")}, email, email, 1, name, lower(name), CASE role WHEN 'member' THEN '["member"]' ELSE '["admin"]' END, at
   FROM temp.people`,
  `INSERT INTO member_words (organization, word, id, user)
   SELECT organization, email_key, id, user FROM memberships UNION SELECT organization, name_key, id, user FROM memberships
   UNION SELECT organization, lower(user), id, user FROM memberships UNION SELECT organization, substr(name_key, instr(name_key, ' ') + 1), id, user FROM memberships`,
];

function migrations(folder) {
  const files = readdirSync(join(folder, "migrations")).filter((name) => name.endsWith(".sql")).sort();
  return files.map((name) => readFileSync(join(folder, "migrations", name), "utf8"));
}

/** People of the world, signed in once each. */
function people(port) {
  const tokens = new Map();
  const signIn = async ({ id, email, platformAdmin }) => (await ask(port, { method: "POST", path: "/dev/session", body: { userId: id, email, platformAdmin } })).json.token;
  return async (person) => {
    if (!tokens.has(person.id)) tokens.set(person.id, await signIn(person));
    return { authorization: `Bearer ${tokens.get(person.id)}` };
  };
}

/** An issuer whose key the Worker knows from its settings. */
const issuer = { ...generateKeyPairSync("rsa", { modulusLength: 2048 }), name: "https://id.bench.example", audience: "bench" };

/** More than a Worker remembers, so that a token that comes again after all others is a new one to it. */
const mostTokens = 1_536;

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signed(claims) {
  const seconds = Math.floor(Date.now() / 1000);
  const whole = { iss: issuer.name, aud: issuer.audience, iat: seconds, exp: seconds + 86_400, scope: "openid profile email", ...claims };
  const input = `${base64url({ alg: "RS256", typ: "at+jwt", kid: "bench" })}.${base64url(whole)}`;
  return `${input}.${sign("sha256", Buffer.from(input), issuer.privateKey).toString("base64url")}`;
}

/** Tokens of one person, one after the other. */
function tokensOf({ id, email }) {
  const made = [];
  let next = 0;
  return () => {
    const place = next++ % mostTokens;
    return (made[place] ??= signed({ sub: id, email, email_verified: true, jti: `token-${place}` }));
  };
}

const many = (count, make) => Array.from({ length: count }, (_, place) => make(place));
const v1 = (place, rest = "") => `/v1/organizations/${slug(place)}${rest}`;

/** How Guildhall is asked: each operation gives as many lists of requests as are wanted. */
function operations({ port, world, fresh, takesTokens }) {
  const as = people(port);
  const at = places(world);
  const same = (request) => async (count) => many(count, () => [request]);
  const read = (person, ...paths) => async (count) => {
    const headers = await as(person);
    return many(count, () => paths.map((path) => ({ path, headers })));
  };
  const write = (place, rest, body) => async (count) => {
    const headers = await as(owner(place));
    return many(count, () => [{ method: "POST", path: v1(place, rest), headers, body: body(fresh()) }]);
  };
  const invite = (place) => write(place, "/invitations", (number) => ({ email: `new-${number}@bench.example`, roles: ["member"] }));
  const accept = async (count) => {
    const headers = await as(owner(at.accept));
    const made = [];
    for (const who of many(count, () => guest(fresh("guest")))) {
      const { json } = await ask(port, { method: "POST", path: v1(at.accept, "/invitations"), headers, body: { email: who.email, notify: false } });
      made.push([{ method: "POST", path: "/v1/invitations/accept", headers: await as(who), body: { token: json?.token } }]);
    }
    return made;
  };
  const check = (place, person) => async (count) => {
    const headers = await as(person);
    return many(count, () => [{ method: "POST", path: v1(place, "/check"), headers, body: { permissions: ["member:add"] } }]);
  };
  const byToken = (place, next) => async (count) => {
    const request = (token) => ({ method: "POST", path: v1(place, "/check"), headers: { authorization: `Bearer ${token}` }, body: { permissions: ["member:add"] } });
    return many(count, () => [request(next())]);
  };
  const [nextToken, oneToken] = [tokensOf(owner(at.twenty)), signed({ sub: owner(at.twenty).id, jti: "one" })];
  const create = async (count) => {
    const headers = await as(guest(1));
    return many(count, () => [{ method: "POST", path: "/v1/organizations", headers, body: { name: `Venue ${fresh()}` } }]);
  };
  return {
    healthz: same({ path: "/healthz" }),
    check: check(at.twenty, owner(at.twenty)),
    ...(takesTokens && { "check, token": byToken(at.twenty, nextToken), "check, token again": byToken(at.twenty, () => oneToken) }),
    "check in the crowd": check(at.crowd, star),
    resolve: read(star, `/o/${slug(2)}/v1/resolve`),
    "resolve, cached": read(owner(at.twenty), `/o/${slug(at.twenty)}/v1/resolve?consistency=cached`),
    list: read(star, "/v1/organizations?limit=100"),
    members: read(owner(at.twenty), v1(at.twenty), v1(at.twenty, "/members?limit=20")),
    "members of the crowd": read(star, v1(at.crowd, "/members?limit=20")),
    invite: invite(at.invite),
    "invite to the crowd": invite(at.crowd),
    accept,
    add: write(at.add, "/members", (number) => ({ userId: `new-${number}` })),
    "add to the crowd": write(at.crowd, "/members", (number) => ({ userId: `new-${number}` })),
    create,
    pass: async (count) => {
      const headers = await as(owner(at.twenty));
      return many(count, () => [{ method: "POST", path: v1(at.twenty, "/passes"), headers, body: {} }]);
    },
    gateway: read(owner(at.twenty), `/o/${slug(at.twenty)}/songs`),
    openapi: same({ path: "/openapi.json" }),
    burst: (place) => invite(place),
    headers: as,
  };
}

/** The setting by which a checkout believes every caller: older ones have a mode, later ones a list. */
const believing = (folder, takesTokens) => {
  if (readFileSync(join(folder, "wrangler.toml"), "utf8").includes("AUTH_MODE")) return { AUTH_MODE: "dev" };
  const keys = { keys: [{ ...issuer.publicKey.export({ format: "jwk" }), kid: "bench", alg: "RS256", use: "sig" }] };
  const jwt = { type: "jwt", name: "bench", issuer: issuer.name, audience: issuer.audience, keys };
  return { AUTH: JSON.stringify([{ type: "dev" }, ...(takesTokens ? [jwt] : [])]) };
};

/** The Worker that lies built in `folder`. */
export function guildhall(name, folder) {
  const schema = migrations(folder);
  const rows = rowsOf(schema.some((sql) => sql.includes("commits_by_position")));
  const takesTokens = existsSync(join(folder, "src", "app", "config", "auth", "jwt.rs"));
  const wasm = readFileSync(join(folder, "build", "index_bg.wasm"));
  return {
    name,
    modules: [
      { type: "ESModule", path: "/main.js", contents: readFileSync(join(folder, "build", "index.js"), "utf8") },
      { type: "CompiledWasm", path: "/index_bg.wasm", contents: wasm },
    ],
    ...{ bindings: { ...bindings, ...believing(folder, takesTokens) }, hasDatabase: true, hasHints: true, hasOrigin: true },
    state: [schema, rows],
    fill(database) {
      for (const sql of [...schema, "BEGIN; PRAGMA defer_foreign_keys = ON", ...rows, "COMMIT"]) database.exec(sql);
    },
    operations: (given) => operations({ ...given, takesTokens }),
  };
}
