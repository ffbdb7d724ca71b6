// Races for a slug and under one idempotency key, on the built Worker with D1.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { send, signIn, signInMany, tally, times } from "./support/caller.mjs";
import { assertInvariants } from "./support/invariants.mjs";
import { onEachRuntime } from "./support/runtimes.mjs";
import { found, rows } from "./support/scenes.mjs";

const rounds = 8;

onEachRuntime({}, (here) => {
  let worker;
  before(() => { worker = here.worker; });

  const slugs = () => worker.d1("SELECT slug FROM organizations ORDER BY slug").map((row) => row.slug);
  const named = (slug) => slugs().filter((other) => other === slug || other.startsWith(`${slug}-`));

  test("of sixteen who claim a slug exactly one gets it", async () => {
    const people = await signInMany(worker, "claimant", 16);
    for (const slug of times(rounds, (round) => `claimed-${round}x`)) {
      const answers = await Promise.all(people.map((person) => person.post("/v1/organizations", { name: "Claimed", slug })));

      assert.deepEqual(tally(answers), { 201: 1, "409 slug_taken": 15 });
      assert.deepEqual(named(slug), [slug]);
    }
    assertInvariants(worker);
  });

  test("eight who leave the slug to Guildhall get eight different ones", async () => {
    const people = await signInMany(worker, "founder", 8);

    const organizations = await Promise.all(people.map((person) => found(person, "Mudhoney")));

    assert.equal(new Set(organizations.map((organization) => organization.slug)).size, 8);
    assert.equal(named("mudhoney").length, 8);
    assertInvariants(worker);
  });

  test("twenty-four who found by one name at once all succeed, each in one request", async () => {
    const people = await signInMany(worker, "same", 24);
    const create = ({ token }) => send(worker.origin, "POST", "/v1/organizations", { token, body: { name: "Tad" } });

    const answers = await Promise.all(people.map(create));

    assert.deepEqual(tally(answers), { 201: 24 });
    assert.equal(new Set(answers.map(({ body }) => body.slug)).size, 24);
    assert.ok(named("tad").includes("tad"));
    assertInvariants(worker);
  });

  test("a slug that two organizations want at once goes to one of them", async () => {
    const [ann, ben] = [await signIn(worker, "ann"), await signIn(worker, "ben")];
    for (const slug of times(rounds, (round) => `wanted-${round}x`)) {
      const mine = await found(ann, "Ann's");

      const answers = await Promise.all([
        ann.patch(`/v1/organizations/${mine.id}`, { slug }),
        ben.post("/v1/organizations", { name: "Wanted", slug }),
      ]);

      assert.equal(answers.filter((answer) => answer.status < 300).length, 1, answers.map((answer) => answer.text).join(" "));
      assert.deepEqual(named(slug), [slug]);
    }
    assertInvariants(worker);
  });

  test("a reader who follows all events beside sixteen writers misses none", async () => {
    const root = await signIn(worker, "root", { platformAdmin: true });
    const people = await signInMany(worker, "writer", 16);
    const { body: { lastPosition: start } } = await root.get("/v1/events?limit=1");
    let writing = true;

    /** Polls while the others write, and once more when they are done. */
    async function follow(limit) {
      const read = [];
      for (let after = start, last = false; ; ) {
        const { body: { data, hasMore } } = await root.get(`/v1/events?after=${after}&limit=${limit}`);
        read.push(...data);
        after = data.at(-1)?.position ?? after;
        if (last && !hasMore) return read;
        last = !writing;
      }
    }

    async function write(person) {
      const organization = await found(person, "Busy");
      for (const name of ["One", "Two", "Three"]) await person.patch(`/v1/organizations/${organization.id}`, { name });
    }

    const readers = [follow(3), follow(100)];
    await Promise.all(people.map(write));
    writing = false;
    const whole = (await root.get(`/v1/events?after=${start}&limit=100`)).body.data;

    assert.deepEqual(whole.map(({ position }) => position), times(64, (place) => start + place));
    for (const read of await Promise.all(readers)) assert.deepEqual(read, whole);
    assertInvariants(worker);
  });

  test("sixteen requests under one key are one, with one answer", async () => {
    const kurt = await signIn(worker, "kurt");
    for (const key of times(rounds, (round) => `key-${round}x`)) {
      const answers = await Promise.all(times(16, () => kurt.post("/v1/organizations", { name: key }, { key })));

      assert.deepEqual(tally(answers), { 201: 16 });
      assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
      assert.equal(answers.filter((answer) => answer.headers.get("idempotent-replayed") === "true").length, 15);
      assert.deepEqual(named(key), [key]);
    }
    assertInvariants(worker);
  });

  test("a token is shown again under the key with which it was made", async () => {
    const mark = await signIn(worker, "mark");
    const path = `/v1/organizations/${(await found(mark, "Screaming Trees")).id}/invitations`;
    for (const key of times(rounds, (round) => `invite-${round}`)) {
      const invitation = { email: `${key}@example.com`, notify: false };
      const answers = await Promise.all(times(16, () => mark.post(path, invitation, { key })));

      assert.deepEqual(tally(answers), { 201: 16 });
      assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
      assert.match(answers[0].body.token, /^ghi_/);
    }
    assert.deepEqual(rows(worker, "SELECT key FROM receipts WHERE answer LIKE '%ghi\\_%' ESCAPE '\\'"), []);
    assertInvariants(worker);
  });

  test("of two different requests under one key one is refused", async () => {
    const layne = await signIn(worker, "layne");
    const send = (name) => layne.post("/v1/organizations", { name }, { key: "one-key" });

    const answers = await Promise.all([send("Alice"), send("Chains")]);

    assert.deepEqual(tally(answers), { 201: 1, "422 idempotency_key_reused": 1 });
    assertInvariants(worker);
  });
});
