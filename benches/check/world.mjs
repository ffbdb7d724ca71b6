// The world that is asked about: a user with 100 memberships, and their signed pass and passport.
//
// Owns: making it, in `Directory`, through the doors that anybody uses. Never does: sign by itself.

import { allowed, memberships, permissions } from "./workload.mjs";

/** A user who signs in, and a way to send as them. */
async function signIn(directory, userId) {
  const send = async (line, body, token) => {
    const [method, path] = line.split(" ");
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const response = await directory.fetch(path, { method, headers, body: body && JSON.stringify(body) });
    if (!response.ok) throw new Error(`${line}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { token } = await send("POST /dev/session", { userId });
  return (line, body) => send(line, body, token);
}

/** An organization of kurt's in which krist may do half of everything. */
async function organization(kurt, place) {
  const { id } = await kurt("POST /v1/organizations", { name: `Venue ${place}` });
  await kurt(`POST /v1/organizations/${id}/roles`, { key: "crew", name: "Crew", permissions: allowed(place) });
  await kurt(`POST /v1/organizations/${id}/members`, { userId: "krist", roles: ["crew"] });
  return id;
}

/** Plain JSON, so that it can be sent to any runtime. */
export async function makeWorld(Directory) {
  const directory = new Directory({ settings: { PERMISSIONS: permissions.join(" "), MAX_OWNED_ORGANIZATIONS: String(memberships) } });
  const [kurt, krist] = [await signIn(directory, "kurt"), await signIn(directory, "krist")];
  const ids = [];
  for (let place = 0; place < memberships; place += 1) ids.push(await organization(kurt, place));
  const table = ids.map((id, place) => [id, permissions.map((permission) => [permission, allowed(place).includes(permission)])]);
  return {
    ids,
    table: JSON.stringify(table),
    pass: (await krist(`POST /v1/organizations/${ids[0]}/passes`, {})).token,
    passport: (await krist("POST /v1/me/passport", {})).token,
    jwks: await krist("GET /.well-known/jwks.json"),
  };
}
