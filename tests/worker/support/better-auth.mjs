// better-auth with its JWT plugin, as an issuer on this machine.
//
// Owns: its people, kept in memory, and its server. Never does: know Guildhall.

import { once } from "node:events";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";

/** Starts it. `token(name)` signs a new person up, and gives their session's JWT; `rotate()` makes it sign with a new key. */
export async function startBetterAuth() {
  let answer;
  const server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const database = new DatabaseSync(":memory:");
  const options = {
    baseURL: issuer, secret: "a secret that only tests know, 32+", database, emailAndPassword: { enabled: true },
    telemetry: { enabled: false }, logger: { level: "error" }, plugins: [jwt()],
  };
  await (await getMigrations(options)).runMigrations();
  const auth = betterAuth(options);
  answer = toNodeHandler(auth);

  async function token(name) {
    const headers = { "content-type": "application/json", origin: issuer };
    const body = JSON.stringify({ email: `${name}@example.com`, password: "an example password", name });
    const signedUp = await fetch(`${issuer}/api/auth/sign-up/email`, { method: "POST", headers, body });
    if (signedUp.status !== 200) throw new Error(await signedUp.text());
    const { user } = await signedUp.json();
    const cookie = signedUp.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
    return { id: user.id, ...(await (await fetch(`${issuer}/api/auth/token`, { headers: { cookie } })).json()) };
  }

  return {
    issuer,
    token,
    rotate: () => database.exec("DELETE FROM jwks"),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      database.close();
    },
  };
}
