// Snapshots of the packed package's directory in Node, where nothing keeps them.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";

const start = Date.parse("2026-01-01T00:00:00Z");

describe("a snapshot", () => {
  let Directory;
  let createClient;
  let GuildhallError;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    ({ Directory, GuildhallError } = await project.import("directory/node.js"));
    ({ createClient } = await project.import("client/client.js"));
  });

  /** A directory with an organization, its owner's token, and an invitation's. */
  async function founded(options) {
    const directory = await Directory.open(options);
    const { token } = await createClient(directory).dev.signIn({ userId: "kurt", email: "kurt@nirvana.com" });
    const client = createClient({ fetch: directory.fetch, token });
    await client.organizations.create({ name: "Nirvana" });
    const invitation = await client.organization("nirvana").invitations.create({ email: "krist@nirvana.com", notify: false });
    return { directory, token, client, invitation: invitation.token };
  }

  const refused = (code, param) => (error) => {
    assert.ok(error instanceof GuildhallError && error.title && error.message, String(error));
    assert.deepEqual([error.code, error.param], [code, param]);
    return true;
  };

  test("is a directory that answers as the original: sessions, links, passes and kept answers go on", async () => {
    const now = () => start;
    const { directory, token, client, invitation } = await founded({ now });
    const body = JSON.stringify({ userId: "dave" });
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": "once" };
    const add = (fetch) => fetch("/v1/organizations/nirvana/members", { method: "POST", headers, body }).then((answer) => answer.text());
    const first = await add(directory.fetch);
    const keys = await (await directory.fetch("/.well-known/jwks.json")).text();
    const copy = await Directory.open({ now, snapshot: await directory.snapshot() });
    assert.equal(await add(copy.fetch), first);
    assert.equal(await (await copy.fetch("/.well-known/jwks.json")).text(), keys);
    const { token: krists } = await createClient(copy).dev.signIn({ userId: "krist", email: "krist@nirvana.com" });
    await createClient({ fetch: copy.fetch, token: krists }).invitations.accept({ token: invitation });
    const count = async (fetch) => (await createClient({ fetch, token }).organization("nirvana").get()).memberCount;
    assert.deepEqual([await count(copy.fetch), await count(directory.fetch)], [3, 2], "a copy goes its own way");
    assert.equal((await createClient({ fetch: copy.fetch, token }).organization("nirvana").events.verify()).complete, true);
  });

  test("is not behind the original's clock", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: start });
    const hour = 3_600_000;
    const { directory, token } = await founded({ now: () => start + hour });
    const copy = new Directory({ snapshot: await directory.snapshot() });
    const { createdAt } = await createClient({ fetch: copy.fetch, token }).organizations.create({ name: "Later" });
    assert.equal(Date.parse(createdAt), start + hour);
  });

  test("that is none is refused, and nothing else is", async () => {
    const text = await (await founded()).directory.snapshot();
    const changed = (change) => { const whole = JSON.parse(text); change(whole); return JSON.stringify(whole); };
    const open = (snapshot) => Directory.open({ snapshot });
    await assert.rejects(open("no JSON"), refused("snapshot_invalid"));
    await assert.rejects(open(changed((whole) => { whole.format = "other"; })), refused("snapshot_invalid", "format"));
    await assert.rejects(open(changed((whole) => { whole.version = 3; })), refused("snapshot_too_new"));
    await assert.rejects(open(changed((whole) => { whole.state.organizations[0].log[0].actor = "dave"; })), (error) => error.code === "snapshot_invalid" && /\.log\.1$/.test(error.param));
    await assert.rejects(open(JSON.parse(text)), refused("invalid_value", "snapshot"));
    await assert.rejects(new Directory({ snapshot: "" }).fetch("/v1/me"), refused("snapshot_invalid"));
    assert.equal((await (await open(text)).fetch("/healthz")).status, 200);
  });

  test("is kept by nobody in Node, and a closed directory answers nobody", async () => {
    await assert.rejects(Directory.open({ persist: "here" }), refused("storage_missing", "persist"));
    await assert.rejects(Directory.delete("here"), refused("storage_missing", "persist"));
    await assert.rejects(Directory.open({ persist: 1 }), refused("invalid_value", "persist"));
    const directory = await Directory.open();
    const begun = directory.snapshot();
    await directory.close();
    assert.ok((await begun).startsWith('{"format":"guildhall-directory","version":2,'));
    for (const late of [directory.fetch("/v1/me"), directory.tick(), directory.snapshot()]) await assert.rejects(late, refused("directory_closed"));
    await directory.close();
  });
});
