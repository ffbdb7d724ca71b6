// A little world: a whole installation in this tab, with people, roles and teams to ask about.
//
// Owns: who is in it. Never does: use the network once its files are here, or keep anything.

import { Problem } from "../app/api.js";

const application = ["invoice:read", "invoice:pay", "invoice:void", "report:read", "report:share"];

const people = { pat: "Pat", dave: "Dave", krist: "Krist", kurt: "Kurt" };

const roles = { bookkeeper: ["invoice:read", "invoice:pay"], reporter: ["report:*", "member:read"] };

const organizations = [
  { name: "Nirvana", owner: "kurt", members: { krist: ["admin"], dave: ["member"], pat: ["admin"] } },
  { name: "Foo Fighters", owner: "dave", members: { pat: ["bookkeeper", "reporter"], kurt: ["reporter"] } },
  { name: "Sweet 75", owner: "krist", members: { pat: ["member"] } },
];

/** The world as something to ask: `send(who, "GET /v1/me")`. */
export async function makeWorld() {
  const { Directory } = await import("/pkg/directory/browser.js");
  const directory = new Directory({ settings: { PERMISSIONS: application.join(" ") } });
  const sessions = {};
  const send = (who, line, body) => ask(directory, sessions[who], line, body);
  for (const [userId, name] of Object.entries(people)) {
    ({ token: sessions[userId] } = await send(null, "POST /dev/session", { userId, name }));
  }
  const founded = [];
  for (const each of organizations) founded.push(await found(send, each));
  const builtIn = founded[0].permissions.filter((permission) => !application.includes(permission));
  return { people, send, builtIn, teams: new Map(founded.flatMap(({ teams }) => teams)) };
}

async function ask(directory, session, line, body) {
  const [method, path] = line.split(" ");
  const headers = { "content-type": "application/json", ...(session && { authorization: `Bearer ${session}` }) };
  const response = await directory.fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

/** An organization with two roles of its own, its members, and a team in which Dave may keep the books. */
async function found(send, { name, owner, members }) {
  const { slug, permissions } = await send(owner, "POST /v1/organizations", { name });
  const at = `/v1/organizations/${slug}`;
  for (const [key, allowed] of Object.entries(roles)) await send(owner, `POST ${at}/roles`, { key, name: key, permissions: allowed });
  for (const [userId, held] of Object.entries(members)) await send(owner, `POST ${at}/members`, { userId, roles: held });
  if (!members.dave) return { permissions, teams: [] };
  const team = await send(owner, `POST ${at}/teams`, { name: "Road" });
  await send(owner, `PUT ${at}/teams/${team.id}/members/dave`, { roles: ["bookkeeper"] });
  return { permissions, teams: [[team.id, team.name]] };
}
