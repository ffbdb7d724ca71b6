// The floor: the same job as each of Guildhall's operations, as two or three statements in a bare Worker on D1. Nothing is
// checked that a caller might get wrong, there is one table of permissions, and a failed guard is a 403.

const powers = { owner: ["member:add", "member:read"], admin: ["member:add", "member:read"], member: ["member:read"] };
const text = new TextEncoder();
const base64url = (bytes) => new Uint8Array(bytes).toBase64({ alphabet: "base64url", omitPadding: true });
const bytesOf = (value) => Uint8Array.fromBase64(value, { alphabet: "base64url" });
const json = (value, status = 200) => Response.json(value, { status });
const refused = () => json({ code: "forbidden" }, 403);
const id = () => crypto.randomUUID();

let keys;

/** Both keys, read once an isolate. */
async function readKeys({ SECRET_KEY, PASS_KEY }) {
  const session = await crypto.subtle.importKey("raw", text.encode(SECRET_KEY), { name: "HMAC", hash: "SHA-256" }, false, ["verify", "sign"]);
  const pass = await crypto.subtle.importKey("pkcs8", bytesOf(PASS_KEY), "Ed25519", false, ["sign"]);
  return { session, pass };
}

/** Who calls: `Bearer <claims>.<HMAC>`. */
async function caller(request) {
  const [claims, signature] = (request.headers.get("authorization") ?? "").slice(7).split(".");
  if (!signature || !(await crypto.subtle.verify("HMAC", keys.session, bytesOf(signature), text.encode(claims)))) return undefined;
  const { user, email, expiresAt } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
  return expiresAt > Date.now() ? { user, email } : undefined;
}

const membership = "SELECT o.id, o.slug, o.name, m.role FROM organizations o JOIN members m ON m.organization = o.id WHERE o.slug = ?1 AND m.user = ?2";
const log = "INSERT INTO log (organization, actor, action, subject, at) SELECT id, ?2, ?3, ?4, ?5 FROM organizations WHERE slug = ?1 AND changes() > 0";
const mayAdd = "SELECT 1 FROM members m WHERE m.organization = o.id AND m.user = ?2 AND m.role IN ('owner', 'admin')";

const find = (env, slug, user) => env.DB.prepare(membership).bind(slug, user).first();

async function sign({ id: organization, slug, role }, { user }) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: user, org: organization, slug, roles: [role], permissions: powers[role], iat: now, exp: now + 300 };
  const signed = `${base64url(text.encode('{"alg":"EdDSA","typ":"JWT"}'))}.${base64url(text.encode(JSON.stringify(claims)))}`;
  return `${signed}.${base64url(await crypto.subtle.sign("Ed25519", keys.pass, text.encode(signed)))}`;
}

const digest = async (token) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", text.encode(token)))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const reads = {
  async check({ env, slug, who, body }) {
    const found = await find(env, slug, who.user);
    return found ? json({ allowed: body.permissions.every((each) => powers[found.role].includes(each)) }) : refused();
  },
  async resolve({ env, slug, who }) {
    const found = await find(env, slug, who.user);
    return found ? json({ outcome: "resolved", organization: found }) : refused();
  },
  async cached({ env, slug, who }) {
    const kept = await env.HINTS.get(`u:${who.user}`, "json");
    const found = kept?.find((each) => each.slug === slug) ?? (await find(env, slug, who.user));
    if (found && !kept) await env.HINTS.put(`u:${who.user}`, JSON.stringify([found]), { expirationTtl: 60 });
    return found ? json({ outcome: "resolved", organization: found }) : refused();
  },
  async list({ env, who }) {
    const sql = "SELECT o.id, o.slug, o.name, m.role FROM members m JOIN organizations o ON o.id = m.organization WHERE m.user = ?1 ORDER BY o.id LIMIT 100";
    return json({ data: (await env.DB.prepare(sql).bind(who.user).all()).results });
  },
  async members({ env, slug, who }) {
    const page = "SELECT m.user, m.email, m.name, m.role, m.at FROM members m JOIN organizations o ON o.id = m.organization WHERE o.slug = ?1 ORDER BY m.at, m.user LIMIT 20";
    const [own, members] = await env.DB.batch([env.DB.prepare(membership).bind(slug, who.user), env.DB.prepare(page).bind(slug)]);
    return own.results.length > 0 ? json({ ...own.results[0], members: members.results }) : refused();
  },
  async pass({ env, slug, who }) {
    const found = await find(env, slug, who.user);
    return found ? json({ token: await sign(found, who) }, 201) : refused();
  },
  async gateway({ env, slug, who, request }) {
    const found = await find(env, slug, who.user);
    if (!found) return refused();
    const headers = new Headers(request.headers);
    headers.set("guildhall-pass", await sign(found, who));
    return env.ORIGIN.fetch(new Request(request, { headers }));
  },
};

const writes = {
  async invite({ env, slug, who, body }) {
    const token = base64url(crypto.getRandomValues(new Uint8Array(32)));
    const [made, now] = [id(), Date.now()];
    const insert = `INSERT INTO invitations (id, organization, email, role, inviter, state, digest, at, expires)
      SELECT ?3, o.id, ?4, ?5, ?2, 'pending', ?6, ?7, ?8 FROM organizations o
      WHERE o.slug = ?1 AND EXISTS (${mayAdd}) AND NOT EXISTS (SELECT 1 FROM members m WHERE m.organization = o.id AND m.email = ?4)`;
    const [done] = await env.DB.batch([
      env.DB.prepare(insert).bind(slug, who.user, made, body.email, body.role, await digest(token), now, now + 604_800_000),
      env.DB.prepare(log).bind(slug, who.user, "invitation.created", made, now),
    ]);
    return done.meta.changes > 0 ? json({ id: made, email: body.email, token }, 201) : refused();
  },
  async accept({ env, who, body }) {
    const [key, now] = [await digest(body.token), Date.now()];
    const close = "UPDATE invitations SET state = 'accepted', answerer = ?2 WHERE digest = ?1 AND state = 'pending' AND expires > ?3";
    const join = "INSERT INTO members (organization, user, email, name, role, at) SELECT organization, ?2, ?3, ?2, role, ?4 FROM invitations WHERE digest = ?1 AND answerer = ?2 AND changes() > 0";
    const tell = "INSERT INTO log (organization, actor, action, subject, at) SELECT organization, ?2, 'member.added', id, ?3 FROM invitations WHERE digest = ?1 AND changes() > 0";
    const [, done] = await env.DB.batch([
      env.DB.prepare(close).bind(key, who.user, now),
      env.DB.prepare(join).bind(key, who.user, who.email, now),
      env.DB.prepare(tell).bind(key, who.user, now),
    ]);
    return done.meta.changes > 0 ? json({ userId: who.user }) : refused();
  },
  async add({ env, slug, who, body }) {
    const now = Date.now();
    const join = `INSERT INTO members (organization, user, name, role, at) SELECT o.id, ?3, ?3, 'member', ?4 FROM organizations o WHERE o.slug = ?1 AND EXISTS (${mayAdd})`;
    const [done] = await env.DB.batch([env.DB.prepare(join).bind(slug, who.user, body.userId, now), env.DB.prepare(log).bind(slug, who.user, "member.added", body.userId, now)]);
    return done.meta.changes > 0 ? json({ userId: body.userId }, 201) : refused();
  },
  async create({ env, who, body }) {
    const [made, slug, now] = [id(), body.name.toLowerCase().replaceAll(" ", "-"), Date.now()];
    await env.DB.batch([
      env.DB.prepare("INSERT INTO organizations (id, slug, name, owner, at) VALUES (?1, ?2, ?3, ?4, ?5)").bind(made, slug, body.name, who.user, now),
      env.DB.prepare("INSERT INTO members (organization, user, email, name, role, at) VALUES (?1, ?2, ?3, ?2, 'owner', ?4)").bind(made, who.user, who.email, now),
      env.DB.prepare(log).bind(slug, who.user, "organization.created", made, now),
    ]);
    return json({ id: made, slug }, 201);
  },
};

/** `/healthz`, or `/<operation>/<slug>`. */
export default {
  async fetch(request, env) {
    const [, name, slug] = new URL(request.url).pathname.split("/");
    if (name === "healthz") return json({ status: "ok" });
    keys ??= await readKeys(env);
    const who = await caller(request);
    const run = reads[name] ?? writes[name];
    if (!who || !run) return json({ code: who ? "not_found" : "unauthenticated" }, who ? 404 : 401);
    const body = request.method === "POST" ? await request.json() : undefined;
    return run({ env, request, slug, who, body });
  },
};
