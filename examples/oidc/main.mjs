// Guildhall behind an OpenID provider, from two sign-ins to a change of keys. `npm run example:oidc` runs it.
//
// Owns: the walk, of which each step says what it does and fails if the answer is another one.
// Never does: build anything.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createClient } from "../../pkg/client/client.js";
import { at, build, nodeBinary } from "../../scripts/steps/places.mjs";
import { stopOnSignals } from "../../scripts/steps/processes.mjs";
import { command, say, step } from "../../scripts/steps/report.mjs";
import { freePort, migrate, serve, untilReady } from "../../scripts/steps/wrangler.mjs";
import { startProvider } from "./provider.mjs";
import { signIn } from "./sign-in.mjs";

const people = {
  kurt: { password: "Lithium", claims: { email: "kurt@example.com", email_verified: true, name: "Kurt" } },
  krist: { password: "Sliver", claims: { email: "krist@example.com", email_verified: true, name: "Krist" } },
};
/** The application at which people sign in. Nothing listens at its address: the walk reads the code from it. */
const application = { client: "songs", redirectUri: "http://127.0.0.1:4000/signed-in" };

const folder = join(build, "example-oidc");

/** An operator key and the entry that declares it, as `npm run operator-key` makes them. */
function operatorKey() {
  const said = execFileSync(nodeBinary(), [at("scripts", "operator-key.mjs"), "support", "--scopes", "read,act-as"], { encoding: "utf8" });
  return { key: /gho_\S+/.exec(said)[0], entries: /^\s*(\[\{.*\}\])\s*$/m.exec(said)[1] };
}

/** Guildhall with an empty database, its settings and its secrets. */
async function startGuildhall(port, settings, secrets) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "secrets");
  writeFileSync(file, Object.entries(secrets).map(([name, value]) => `${name}='${value}'\n`).join(""), { mode: 0o600 });
  const state = join(folder, "state");
  await migrate(state);
  const server = serve({ port, state, vars: settings, words: ["--env-file", file] });
  await untilReady(server);
  return server;
}

/** What the installation answers to a token: `[status, body]`. */
async function me(origin, token) {
  const response = await fetch(`${origin}/v1/me`, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  return [response.status, await response.json(), response.headers];
}

/** The same; where the keys cannot be asked for now, the request is sent again when the answer says so. */
async function meInTime(origin, token) {
  const [status, body, headers] = await me(origin, token);
  if (status !== 503) return [status, body];
  const seconds = Number(headers.get("retry-after"));
  say(`  503 ${body.code}: keys are asked for once in 30 s; again in ${seconds} s, as Retry-After says`);
  await pause(seconds * 1000);
  return me(origin, token);
}

async function walk() {
  const port = await freePort();
  const api = `http://127.0.0.1:${port}`;
  const provider = await step("starting oidc-provider", () => startProvider({ people, api, ...application }));
  const auth = [{ type: "oidc", issuer: provider.issuer, audience: api }];
  say(`  ${provider.issuer}; AUTH = '${JSON.stringify(auth)}'`);
  const { key, entries } = operatorKey();
  const secrets = { SECRET_KEY: randomBytes(32).toString("hex"), OPERATOR_KEYS: entries };
  const { origin } = await step("starting Guildhall", () => startGuildhall(port, { AUTH: JSON.stringify(auth) }, secrets));
  say(`  ${origin}`);

  const signedIn = (name) => step(`${name} signs in at the provider: authorization code with PKCE`, async () => {
    const { access_token: token } = await signIn(provider.issuer, { ...application, api, name, password: people[name].password });
    const [status, { principal }] = await meInTime(origin, token);
    assert.deepEqual([status, principal.userId, principal.email, principal.emailVerified], [200, name, people[name].claims.email, true]);
    return token;
  });

  await step("an anonymous request is refused, and learns no reason", async () => {
    const [status, { code, detail }, headers] = await me(origin);
    assert.deepEqual([status, code, headers.get("www-authenticate")], [401, "unauthenticated", "Bearer"]);
    say(`  401 ${code}: ${detail}`);
  });

  const kurtsToken = await signedIn("kurt");
  const kurt = createClient({ baseUrl: origin, token: kurtsToken });
  const { id } = await step("kurt creates the organization Nirvana", async () => {
    const made = await kurt.organizations.create({ name: "Nirvana" });
    assert.equal(made.slug, "nirvana");
    return made;
  });
  await step("kurt invites krist@example.com", async () => {
    await kurt.organization("nirvana").invitations.create({ email: people.krist.claims.email });
  });

  const krist = createClient({ baseUrl: origin, token: await signedIn("krist") });
  await step("krist finds the invitation by the proven address, and accepts it", async () => {
    const { data } = await krist.me.invitations.list().page();
    assert.equal(data.length, 1);
    await krist.invitations.accept({ invitationId: data[0].id });
    const { memberships } = await krist.me.get();
    assert.deepEqual(memberships.map(({ organization }) => organization.slug), ["nirvana"]);
  });

  const operator = createClient({ baseUrl: origin, operatorKey: key });
  await step("the operator's back end lists all organizations with its own key", async () => {
    const { data } = await operator.organizations.list({ all: true }).page();
    assert.deepEqual(data.map((organization) => organization.id), [id]);
  });
  await step("it acts as krist, who may read members and may not rename the organization", async () => {
    const actsAsKrist = createClient({ baseUrl: origin, operatorKey: key, actAs: "krist" }).organization("nirvana");
    const { data } = await actsAsKrist.members.list().page();
    assert.deepEqual(data.map(({ userId }) => userId).sort(), ["krist", "kurt"]);
    await assert.rejects(actsAsKrist.update({ name: "Sub Pop" }), { code: "permission_denied" });
  });

  await step("the provider publishes another key, signs with it, and withdraws the first one", async () => {
    provider.publish("second");
    provider.sign("second");
    provider.withdraw("first");
  });
  const renewed = await signedIn("kurt");
  await step("the token of the withdrawn key is refused, the new one is kurt's", async () => {
    const [status, { code, detail }] = await me(origin, kurtsToken);
    assert.deepEqual([status, code], [401, "unauthenticated"]);
    say(`  401 ${code}: ${detail}`);
    const [organization] = (await createClient({ baseUrl: origin, token: renewed }).me.get()).memberships;
    assert.equal(organization.organization.id, id);
  });
  await provider.stop();
}

stopOnSignals();
await command(async () => {
  await walk();
  say("everything went as it should; Guildhall and the provider have stopped");
  // Whatever still runs is ended with this process.
  process.exit(0);
});
