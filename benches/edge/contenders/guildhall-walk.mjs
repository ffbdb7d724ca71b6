// Everything that is done about one person, invitation, role, link, team or domain, once each, in one organization.
//
// Owns: the order, in which each step finds what the ones before it have made. Never does: count.

const get = (name, path) => ({ name, method: "GET", path });
const send = (method) => (name, path, body, keep) => ({ name, method, path, body, keep });
const [post, patch, put, remove] = ["POST", "PATCH", "PUT", "DELETE"].map(send);

/** A step that another person takes. */
const by = (person, step) => ({ ...step, by: person });

const reads = [
  post("check", "/check", { permissions: ["member:add"] }),
  post("check another member", "/check", { permissions: ["member:add"], userId: "{member}" }),
  get("organization", ""),
  get("20 members", "/members?limit=20"),
  get("20 members by name", "/members?limit=20&sort=name"),
  get("20 members of a role", "/members?limit=20&role=member"),
  get("20 admins", "/members?limit=20&role=admin"),
  get("suspended members", "/members?limit=20&state=suspended"),
  get("search for a member", "/members?limit=20&q={member}"),
  get("a member", "/members/{member}"),
  get("roles", "/roles"),
  get("teams", "/teams"),
  get("invitations", "/invitations?limit=20"),
  get("audit log", "/events?limit=20"),
];

const commands = [
  post("invite", "/invitations", { email: "walk-1@bench.example", roles: ["member"] }, { invitation: "id" }),
  post("send an invitation again", "/invitations/{invitation}/resend", {}),
  remove("withdraw an invitation", "/invitations/{invitation}"),
  post("invite without a mail", "/invitations", { email: "guest-{place}@bench.example", notify: false }, { token: "token" }),
  by("guest-{place}", post("accept an invitation", "//v1/invitations/accept", { token: "{token}" })),
  by("guest-{place}", remove("leave", "/members/me")),
  post("invite ten at once", "/invitations/bulk", { invitations: Array.from({ length: 10 }, (_, line) => ({ email: `line-${line}@bench.example` })) }),
  post("add a member", "/members", { userId: "walk-2", email: "walk-2@bench.example" }),
  patch("change a member's roles", "/members/{member}", { roles: ["admin"] }),
  patch("suspend a member", "/members/{member}", { state: "suspended" }),
  patch("reactivate a member", "/members/{member}", { state: "active" }),
  remove("remove a member", "/members/{member}"),
  remove("remove a new member", "/members/walk-2"),
  post("add a member again", "/members", { userId: "walk-2", email: "walk-2@bench.example" }),
  post("make a role", "/roles", { key: "walker", name: "Walker", permissions: ["member:read"] }),
  patch("give a member a role", "/members/{other}", { roles: ["member", "walker"] }),
  patch("change a role", "/roles/walker", { permissions: ["member:read", "team:read"] }),
  patch("take a role from a member", "/members/{other}", { roles: ["member"] }),
  remove("end a role", "/roles/walker"),
  post("make a link", "/invitation-links", { maxUses: 10 }, { link: "id", linkToken: "token" }),
  by("follower-{place}", post("come in by a link", "//v1/invitations/accept", { token: "{linkToken}" })),
  post("rotate a link", "/invitation-links/{link}/rotate"),
  remove("end a link", "/invitation-links/{link}"),
  by("asker-{place}", post("ask to join", "/join-requests", {}, { request: "id" })),
  post("let an asker in", "/join-requests/{request}/approve", {}),
  by("guildhall-admin", remove("erase a person", "//v1/users/asker-{place}")),
  post("claim a domain", "/domains", { name: "walk-{place}.bench-example.org" }, { domain: "id" }),
  remove("give a domain up", "/domains/{domain}"),
  post("make a team", "/teams", { name: "Walkers" }, { team: "id" }),
  put("put a member into a team", "/teams/{team}/members/{other}", { roles: ["member"] }),
  remove("take a member out of a team", "/teams/{team}/members/{other}"),
  remove("end a team", "/teams/{team}"),
  post("nominate an owner", "/transfer", { userId: "{other}", requireAcceptance: true }),
  remove("withdraw a nomination", "/transfer"),
  patch("rename the organization", "", { name: "Walked" }),
  post("pass", "/passes", {}),
  post("deactivate the organization", "/deactivate"),
  post("activate the organization", "/activate"),
];

/** What is there before the first step: ten roles and ten teams, one of each held by a member. */
const beginning = Array.from({ length: 10 }, (_, number) => [
  post(`role ${number}`, "/roles", { key: `role-${number}`, name: `Role ${number}`, permissions: ["member:read"] }),
  post(`team ${number}`, "/teams", { name: `Team ${number}` }, { [`team${number}`]: "id" }),
  patch(`holder ${number}`, `/members/{another${number}}`, { roles: ["member", `role-${number}`] }),
  put(`team member ${number}`, `/teams/{team${number}}/members/{another${number}}`, { roles: [`role-${number}`] }),
]).flat();

const filled = (text, kept) => text.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(kept[name]));
const deep = (value, kept) => JSON.parse(JSON.stringify(value), (_, each) => (typeof each === "string" ? filled(each, kept) : each));

/** What begins with two slashes is outside the organization. */
const address = (path, slug) => (path.startsWith("//") ? path.slice(1) : `/v1/organizations/${slug}${path}`);

/**
 * Walks through one organization. `ask(step, request)` sends, and answers the JSON of the answer.
 *
 * @param {{place: number, slug: string, owner: string, as: (id: string) => Promise<object>}} where
 */
export async function walk({ place, slug, owner, as }, prepare, ask) {
  const kept = { place, member: `m-${place}-5`, other: `m-${place}-6` };
  for (let number = 0; number < 10; number += 1) kept[`another${number}`] = `m-${place}-${7 + number}`;
  const perform = async (step, how) => {
    const headers = await as(filled(step.by ?? owner, kept));
    const request = { method: step.method, path: address(filled(step.path, kept), slug), headers, ...(step.body && { body: deep(step.body, kept) }) };
    const json = await how(step, request);
    for (const [name, field] of Object.entries(step.keep ?? {})) kept[name] = json[field];
  };
  for (const step of beginning) await perform(step, prepare);
  for (const step of [...reads, ...commands]) await perform(step, ask);
}
