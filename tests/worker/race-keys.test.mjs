// Races that only a key between two tables stops: what a command has read is gone, or taken, when it writes.
//
// D1 names a key that breaks at the end of a batch with nothing but `internal error`. The rival writes between
// the read and the write of a command, past the lock that other commands share.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { send, signIn } from "./support/caller.mjs";
import { startOddWorker } from "./support/odd-worker.mjs";
import { runtimes } from "./support/runtimes.mjs";
import { add, body, found, members, owner, rows } from "./support/scenes.mjs";

const another = "org_01a22debf9d875b2bbbf22f565ade25b";

/** Before a command writes, what stands in the table `rivals` is done, once. */
const bindings = `
  const batch = async (statements) => {
    if (statements.some(({ statement }) => statement.startsWith("INSERT INTO commits"))) {
      const { results } = await env.DB.prepare("SELECT sql FROM rivals").all();
      await env.DB.prepare("DELETE FROM rivals").run();
      for (const { sql } of results) await env.DB.prepare(sql).run();
    }
    return env.DB.batch(statements);
  };
  const get = (target, name) => {
    if (name === "batch") return batch;
    const value = Reflect.get(target, name);
    return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
  };
  return { DB: new Proxy(env.DB, { get }) };`;

for (const runtime of runtimes) {
  describe(`on the workerd of ${runtime}`, () => {
    let worker;
    let kurt;
    let krist;
    before(async () => {
      worker = await startOddWorker({ bindings, runtime });
      worker.d1("CREATE TABLE rivals (sql TEXT)");
      [kurt, krist] = [await signIn(worker, "kurt"), await signIn(worker, "krist")];
    });
    after(() => worker?.stop());

    const rival = (sql) => worker.d1("INSERT INTO rivals VALUES (?)", sql);

    /** Once: a client that repeats would hide an outage. */
    async function refused(method, path, sent, code) {
      const answer = await send(worker.origin, method, path, { token: kurt.token, body: sent, headers: { "idempotency-key": randomUUID() } });
      assert.equal(answer.body.code, code, answer.text);
      assert.deepEqual(rows(worker, "SELECT sql FROM rivals"), [], "the rival came too late");
      assert.doesNotMatch(worker.log(), /D1 failed|internal error/);
    }

    test("a slug that another organization took and left is taken for a new one", async () => {
      rival(`INSERT INTO slugs (slug, organization, taken_at) VALUES ('left', '${another}', 1)`);
      await refused("POST", "/v1/organizations", { name: "Left", slug: "left" }, "slug_taken");
    });

    test("a slug that another organization took and left is taken for one that is renamed", async () => {
      const organization = await found(kurt, "Nirvana");
      rival(`INSERT INTO slugs (slug, organization, taken_at) VALUES ('gone', '${another}', 1)`);
      await refused("PATCH", `/v1/organizations/${organization.id}`, { slug: "gone" }, "slug_taken");
    });

    test("ownership does not pass to a member who is gone", async () => {
      const organization = await found(kurt, "Owned");
      await add(kurt, organization, krist, ["admin"]);
      rival(`DELETE FROM memberships WHERE organization = '${organization.id}' AND user = 'krist'`);
      await refused("POST", `/v1/organizations/${organization.id}/transfer`, { userId: "krist" }, "organization_mismatch");
      assert.equal(owner(worker, organization), "kurt");
    });

    test("a member who has become the owner is not removed", async () => {
      const organization = await found(kurt, "Removal");
      await add(kurt, organization, krist, ["member"]);
      rival(`UPDATE organizations SET owner = 'krist' WHERE id = '${organization.id}'`);
      const answer = await kurt.delete(`/v1/organizations/${organization.id}/members/krist`);
      assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
      assert.deepEqual(members(worker, organization), ["krist", "kurt"]);
      assert.doesNotMatch(worker.log(), /D1 failed|internal error/);
    });

    test("a team is not made below one that is gone", async () => {
      const organization = await found(kurt, "Teams");
      const { id } = body(await kurt.post(`/v1/organizations/${organization.id}/teams`, { name: "Road" }), 201);
      rival(`DELETE FROM teams WHERE id = '${id}'`);
      await refused("POST", `/v1/organizations/${organization.id}/teams`, { name: "Crew", parentId: id }, "not_found");
    });
  });
}
