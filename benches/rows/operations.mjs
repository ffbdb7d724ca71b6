// What is asked of the crowd's organization, and how many rows each may read.
//
// Owns: the operations and their limits. An operation that changes something is repeatable: it names new people.
// Never does: start anything.

/** Reads at most `rows` rows of D1; `kind` groups the table. */
const about = (kind, rows) => (name, ask, prepare) => ({ kind, rows, name, ask, prepare });
const one = about("one person, invitation, role, link or domain", 95);
const organization = about("the organization itself", 95);
const team = about("teams: 10 teams, 10 roles held in them + 55", 75);
const bulk = (lines) => about("bulk: 60 + 20 a line", 60 + 20 * lines);
const read = about("reads", 150);
const waiting = about("what waits, up to 1,000 mails and 1,000 deliveries", 2_200);
const proportional = (rows) => about("proportional to what it changes", rows);

const path = (rest = "") => `/v1/organizations/crowd${rest}`;
const is = (answer, ...statuses) => {
  if (!statuses.includes(answer.status)) throw new Error(`${answer.status}: ${answer.text}`);
  return answer;
};

/** Those who take part, and short ways to ask. Made by `enter`. */
class Scene {
  #count = 0;
  #tokens = new Map();

  constructor(worker, members) {
    Object.assign(this, { worker, members });
  }

  /** A user id that was never used. */
  fresh = (prefix = "new") => `${prefix}-${this.round}-${(this.#count += 1)}`;

  /** A member amid the crowd that no operation has touched. */
  member = () => `u${String(Math.floor(this.members / 2) + 60 * (this.round * 1_000 + (this.#count += 1)) % Math.floor(this.members / 3) + 3).padStart(8, "0")}`;

  async token(user) {
    if (!this.#tokens.has(user)) {
      const person = { userId: user, email: `${user}@crowd.example`, name: user, emailVerified: true, platformAdmin: user === "root" };
      this.#tokens.set(user, is(await this.worker.send("POST", "/dev/session", { body: person }), 200, 201).body.token);
    }
    return this.#tokens.get(user);
  }

  /** One request of this user's, which must succeed. */
  async as(user, line, body) {
    const [method, where] = line.split(" ");
    return is(await this.worker.send(method, where, { token: user && (await this.token(user)), body }), 200, 201, 202, 204);
  }

  kurt = (line, body) => this.as("kurt", line, body);
  add = async (user = this.fresh(), roles = ["member"]) => { await this.kurt(`POST ${path("/members")}`, { userId: user, roles }); return user; };
  invite = async (user = this.fresh()) => ({ user, ...(await this.kurt(`POST ${path("/invitations")}`, { email: `${user}@crowd.example`, notify: false })).body });
  link = async () => (await this.kurt(`POST ${path("/invitation-links")}`, {})).body;
  role = async () => (await this.kurt(`POST ${path("/roles")}`, { key: this.fresh("role"), name: "Role", permissions: ["member:read"] })).body;
  team = async () => (await this.kurt(`POST ${path("/teams")}`, { name: "Team" })).body;
  asked = async (user = this.fresh()) => ({ user, ...(await this.as(user, `POST ${path("/join-requests")}`, {})).body });
  domain = async () => (await this.kurt(`POST ${path("/domains")}`, { name: `${this.fresh("d")}.com` })).body;
}

/** An organization with its members, as django-organizations dumps it. */
function dump(name, members) {
  const at = "2012-05-22T01:06:59Z";
  const of = (model, pk, fields) => ({ model, pk, fields });
  const base = 100_000 + [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_000, 7) * 100;
  const people = Array.from({ length: members }, (_, index) => base + index);
  return [
    ...people.map((pk) => of("auth.user", pk, { username: `${name}-${pk}`, first_name: "A", last_name: "B", email: `${name}-${pk}@crowd.example`, is_active: true, date_joined: at })),
    of("organizations.organization", base, { name, slug: name, is_active: true, created: at, modified: at }),
    ...people.map((pk) => of("organizations.organizationuser", pk, { organization: base, user: pk, is_admin: false, created: at, modified: at })),
    of("organizations.organizationowner", base, { organization: base, organization_user: base, created: at, modified: at }),
  ];
}

export const operations = [
  one("invite", (s) => s.kurt(`POST ${path("/invitations")}`, { email: `${s.fresh()}@crowd.example` })),
  one("invite a member's proven address", (s, user) => s.worker.send("POST", path("/invitations"), { token: s.kurtToken, body: { email: user } }), () => "u1001@crowd.example"),
  one("invite again", (s, it) => s.kurt(`POST ${path("/invitations")}`, { email: it.email }), (s) => s.invite()),
  one("resend an invitation", (s, it) => s.kurt(`POST ${path(`/invitations/${it.id}/resend`)}`), (s) => s.invite()),
  one("revoke an invitation", (s, it) => s.kurt(`DELETE ${path(`/invitations/${it.id}`)}`), (s) => s.invite()),
  one("preview an invitation", (s, it) => s.as(undefined, "POST /v1/invitations/preview", { token: it.token }), (s) => s.invite()),
  one("accept an invitation", (s, it) => s.as(it.user, "POST /v1/invitations/accept", { token: it.token }), (s) => s.invite()),
  one("decline an invitation", (s, it) => s.as(it.user, "POST /v1/invitations/decline", { token: it.token }), (s) => s.invite()),
  one("add a member", (s) => s.kurt(`POST ${path("/members")}`, { userId: s.fresh(), email: `${s.fresh()}@crowd.example` })),
  one("change a member's roles", (s) => s.kurt(`PATCH ${path(`/members/${s.member()}`)}`, { roles: ["custom-1", "custom-2"] })),
  one("make a member an admin", (s) => s.kurt(`PATCH ${path(`/members/${s.member()}`)}`, { roles: ["admin"] })),
  one("change a member's title", (s) => s.kurt(`PATCH ${path(`/members/${s.member()}`)}`, { title: "Bass" })),
  one("set a member's end", (s) => s.kurt(`PATCH ${path(`/members/${s.member()}`)}`, { until: "2099-01-01T00:00:00Z" })),
  one("suspend a member", (s) => s.kurt(`PATCH ${path(`/members/${s.member()}`)}`, { state: "suspended" })),
  one("remove a member", (s) => s.kurt(`DELETE ${path(`/members/${s.member()}`)}`)),
  one("leave", (s) => s.as(s.member(), `DELETE ${path("/members/me")}`)),
  one("erase a person", (s) => s.as("root", `DELETE /v1/users/${s.member()}`)),
  one("create a role", (s) => s.kurt(`POST ${path("/roles")}`, { key: s.fresh("role"), name: "Role", permissions: ["member:read"] })),
  one("change a role", (s) => s.kurt(`PATCH ${path("/roles/custom-1")}`, { name: `Role ${s.fresh()}` })),
  one("delete a role", (s, role) => s.kurt(`DELETE ${path(`/roles/${role.key}`)}`), (s) => s.role()),
  one("create a link", (s) => s.kurt(`POST ${path("/invitation-links")}`, {})),
  one("change a link", (s, link) => s.kurt(`PATCH ${path(`/invitation-links/${link.id}`)}`, { disabled: true }), (s) => s.link()),
  one("rotate a link", (s, link) => s.kurt(`POST ${path(`/invitation-links/${link.id}/rotate`)}`), (s) => s.link()),
  one("join by a link", (s, link) => s.as(s.fresh(), "POST /v1/invitations/accept", { token: link.token }), (s) => s.link()),
  one("delete a link", (s, link) => s.kurt(`DELETE ${path(`/invitation-links/${link.id}`)}`), (s) => s.link()),
  one("ask to join", (s) => s.as(s.fresh(), `POST ${path("/join-requests")}`, {})),
  one("approve a request", (s, it) => s.kurt(`POST ${path(`/join-requests/${it.id}/approve`)}`), (s) => s.asked()),
  one("deny a request", (s, it) => s.kurt(`POST ${path(`/join-requests/${it.id}/deny`)}`), (s) => s.asked()),
  one("claim a domain", (s) => s.kurt(`POST ${path("/domains")}`, { name: `${s.fresh("d")}.com` })),
  one("delete a domain", (s, domain) => s.kurt(`DELETE ${path(`/domains/${domain.id}`)}`), (s) => s.domain()),
  one("offer ownership", (s) => s.kurt(`POST ${path("/transfer")}`, { userId: "u00000002", requireAcceptance: true }).then(async (answer) => { await s.as("u00000002", `POST ${path("/transfer/decline")}`); return answer; })),
  one("transfer ownership", (s, user) => s.kurt(`POST ${path("/transfer")}`, { userId: user }).then(async (answer) => { await s.as(user, `POST ${path("/transfer")}`, { userId: "kurt" }); return answer; }), (s) => s.add(s.fresh(), ["admin"])),
  organization("rename", (s) => s.kurt(`PATCH ${path()}`, { name: `Crowd ${s.fresh()}` })),
  organization("deactivate", (s) => s.kurt(`POST ${path("/deactivate")}`)),
  organization("activate", (s) => s.kurt(`POST ${path("/activate")}`)),
  organization("create another organization", (s) => s.as(s.fresh(), "POST /v1/organizations", { name: `Other ${s.fresh()}` })),
  organization("create a webhook", (s) => s.kurt(`POST ${path("/webhooks")}`, { url: "https://hooks.example.com/", events: ["member.left"] }).then(async (answer) => { await s.kurt(`DELETE ${path(`/webhooks/${answer.body.id}`)}`); return answer; })),
  team("create a team", (s) => s.kurt(`POST ${path("/teams")}`, { name: "Team" }).then(async (answer) => { await s.kurt(`DELETE ${path(`/teams/${answer.body.id}`)}`); return answer; })),
  team("rename a team", (s) => s.kurt(`PATCH ${path(`/teams/${s.teams[0]}`)}`, { name: `Team ${s.fresh()}` })),
  team("move a team", (s) => s.kurt(`PATCH ${path(`/teams/${s.teams[1]}`)}`, { parentId: s.teams[2] }).then(async (answer) => { await s.kurt(`PATCH ${path(`/teams/${s.teams[1]}`)}`, { parentId: null }); return answer; })),
  team("put a member into a team", (s) => s.kurt(`PUT ${path(`/teams/${s.teams[3]}/members/u00000007`)}`, { roles: ["member"] }).then(async (answer) => { await s.kurt(`DELETE ${path(`/teams/${s.teams[3]}/members/u00000007`)}`); return answer; })),
  team("change roles in a team", (s) => s.kurt(`PUT ${path(`/teams/${s.teams[4]}/members/u00000004`)}`, { roles: s.fresh().length % 2 ? ["admin"] : ["admin"] }).then(async (answer) => { await s.kurt(`PUT ${path(`/teams/${s.teams[4]}/members/u00000004`)}`, { roles: ["member"] }); return answer; })),
  team("take a member out of a team", (s) => s.kurt(`DELETE ${path(`/teams/${s.teams[5]}/members/u00000005`)}`), async (s) => { await s.kurt(`PUT ${path(`/teams/${s.teams[5]}/members/u00000005`)}`, { roles: ["member"] }); }),
  team("delete a team", (s, it) => s.kurt(`DELETE ${path(`/teams/${it.id}`)}`), (s) => s.team()),
  bulk(20)("invite 20 at once", (s) => s.kurt(`POST ${path("/invitations/bulk")}`, { invitations: Array.from({ length: 20 }, () => ({ email: `${s.fresh()}@crowd.example` })) })),
  bulk(100)("invite 100 at once", (s) => s.kurt(`POST ${path("/invitations/bulk")}`, { invitations: Array.from({ length: 100 }, () => ({ email: `${s.fresh()}@crowd.example` })) })),
  read("check", (s) => s.kurt(`POST ${path("/check")}`, { permissions: ["member:add"] })),
  read("check of another", (s) => s.kurt(`POST ${path("/check")}`, { permissions: ["member:add"], userId: s.member() })),
  read("resolve", (s) => s.kurt("GET /v1/resolve?org=crowd")),
  read("me", (s) => s.kurt("GET /v1/me")),
  read("list of organizations", (s) => s.kurt("GET /v1/organizations")),
  read("organization", (s) => s.kurt(`GET ${path()}`)),
  read("pass", (s) => s.kurt(`POST ${path("/passes")}`, {})),
  read("passport", (s) => s.kurt("POST /v1/me/passport", {})),
  read("one member", (s) => s.kurt(`GET ${path(`/members/${s.member()}`)}`)),
  read("20 members", (s) => s.kurt(`GET ${path("/members?limit=20")}`)),
  read("20 members by name", (s) => s.kurt(`GET ${path("/members?limit=20&sort=name")}`)),
  read("20 members of a role", (s) => s.kurt(`GET ${path("/members?limit=20&role=admin")}`)),
  read("20 members of a team", (s) => s.kurt(`GET ${path(`/members?limit=20&team=${s.teams[6]}`)}`)),
  read("20 of a team's list", (s) => s.kurt(`GET ${path(`/teams/${s.teams[6]}/members?limit=20`)}`)),
  read("20 found by a name", (s) => s.kurt(`GET ${path("/members?limit=20&q=member")}`)),
  read("suspended members", (s) => s.kurt(`GET ${path("/members?limit=20&state=suspended")}`)),
  read("20 invitations", (s) => s.kurt(`GET ${path("/invitations?limit=20")}`)),
  read("roles", (s) => s.kurt(`GET ${path("/roles")}`)),
  read("teams", (s) => s.kurt(`GET ${path("/teams")}`)),
  read("links", (s) => s.kurt(`GET ${path("/invitation-links")}`)),
  read("domains", (s) => s.kurt(`GET ${path("/domains")}`)),
  read("20 join requests", (s) => s.kurt(`GET ${path("/join-requests?limit=20")}`)),
  read("20 events", (s) => s.kurt(`GET ${path("/events?limit=20")}`)),
  read("20 events of a type", (s) => s.kurt(`GET ${path("/events?limit=20&type=member.removed")}`)),
  read("export, 20 lines", (s) => s.kurt(`GET ${path("/export?limit=20")}`)),
  organization("create an organization for another user", (s) => s.as("root", "POST /v1/organizations", { name: `Gift ${s.fresh()}`, ownerId: s.fresh() })),
  read("20 of all organizations", (s) => s.as("root", "GET /v1/organizations?all=true&limit=20")),
  read("20 of all organizations, whatever their state", (s) => s.as("root", "GET /v1/organizations?all=true&include=inactive,deleted&limit=20")),
  read("20 found among all organizations", (s) => s.as("root", "GET /v1/organizations?all=true&q=small&limit=20")),
  read("a user by id", (s) => s.as("root", `GET /v1/users?q=${s.member()}`)),
  read("a user by address", (s) => s.as("root", "GET /v1/users?q=u1001%40crowd.example")),
  read("20 events of all organizations", (s) => s.as("root", "GET /v1/events?limit=20&after=1000")),
  waiting("the state of mails, webhooks and the cron", (s) => s.as("root", "GET /v1/operations")),
  proportional(28 * 20)("purge an organization of 20 members", (s, it) => s.as(it.user, `DELETE /v1/organizations/${it.id}`), async (s) => {
    const user = s.fresh();
    const { id } = (await s.as(user, "POST /v1/organizations", { name: `Short ${user}` })).body;
    for (let count = 1; count < 20; count += 1) await s.as(user, `POST /v1/organizations/${id}/members`, { userId: s.fresh() });
    return { user, id };
  }),
  proportional(18 * 20)("import an organization of 20 members", (s) => s.as("root", "POST /v1/imports/django", dump(s.fresh("import"), 20))),
  proportional(100 + 20 * 10)("the sweep that ends 10 invitations", (s) => s.worker.tick(), async (s) => {
    // What is old enough to be forgotten goes first.
    await s.worker.tick();
    s.worker.sql((database) => database.exec(`UPDATE invitations SET expires_at = 2
     WHERE id IN (SELECT id FROM invitations WHERE state = 'pending' AND organization = '${s.id}' AND invited_by = 'kurt' LIMIT 10)`));
  }),
  proportional(25 * 500)("the sweep that makes 500 members' words anew", async (s) => {
    const answer = await s.worker.tick();
    s.worker.sql((database) => database.exec("DELETE FROM member_words_progress"));
    return answer;
  }, (s) => s.worker.sql((database) => database.exec("INSERT INTO member_words_progress (id, organization, user) VALUES (1, '', '')"))),
  proportional(20 * 10)("delete a role, its 10 holders moved", (s, role) => s.kurt(`DELETE ${path(`/roles/${role.key}?moveTo=member`)}`), async (s) => {
    const role = await s.role();
    for (let count = 0; count < 10; count += 1) await s.add(s.fresh(), [role.key]);
    return role;
  }),
];

/** Founds the crowd's organization with 10 roles and 10 teams; answers its id and the scene. */
export async function enter(worker, members) {
  const scene = new Scene(worker, members);
  scene.round = 0;
  const { id } = (await scene.kurt("POST /v1/organizations", { name: "Crowd" })).body;
  for (let number = 1; number <= 10; number += 1) await scene.kurt(`POST ${path("/roles")}`, { key: `custom-${number}`, name: `Role ${number}`, permissions: ["member:read"] });
  scene.teams = [];
  for (let number = 1; number <= 10; number += 1) scene.teams.push((await scene.kurt(`POST ${path("/teams")}`, { name: `Team ${number}` })).body.id);
  scene.kurtToken = await scene.token("kurt");
  scene.id = id;
  return { id, scene };
}

/** Runs every operation; what each read, wrote and needed. */
export async function measure(scene) {
  scene.round += 1;
  const results = [];
  for (const operation of operations) {
    const prepared = await operation.prepare?.(scene);
    const { rows, status, text } = await operation.ask(scene, prepared).catch((error) => { throw new Error(`${operation.name}: ${error.message}`); });
    results.push({ ...operation, ...rows, limit: operation.rows, status, text });
  }
  return results;
}
