// One decision core: random organizations are built and asked on workerd, and whatever else decides must
// say the same: the npm package of the passes that this very Worker signed, `Directory`, and the library
// natively, on memory and on SQLite.
//
// Owns: the order, and that enough was asked. Never does: know a right answer. `CORE_SEED=…` plays what a
// failing run has printed once more.

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { directorySite } from "../harness/directory.mjs";
import { expectation, randomApplication, randomWorld } from "../harness/random-world.mjs";
import { origin, recordScenario, runScenario } from "../harness/scenarios.mjs";
import { samePass, samePassport, signed } from "../harness/signed.mjs";
import { startWorker } from "../harness/worker.mjs";
import { lockedInCi } from "../../scripts/steps/places.mjs";
import { run } from "../../scripts/steps/processes.mjs";
import { installed } from "../npm/support/installed.mjs";
import { signIn } from "./support/caller.mjs";
import { body, found } from "./support/scenes.mjs";

const worlds = process.env.TEST_ALL ? 8 : 3;
const seed = Number(process.env.CORE_SEED ?? randomInt(2 ** 31));
const settings = { PERMISSIONS: randomApplication(seed).join(" ") };

describe(`one decision core, CORE_SEED=${seed}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "guildhall-core-"));
  const counts = {};
  const count = (what, more = 1) => { counts[what] = (counts[what] ?? 0) + more; };
  let [worker, api, Directory, permissions, jwks] = [];
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    worker = await startWorker({ vars: { PUBLIC_ORIGIN: origin, ...settings } });
    api = await project.import("node.js");
    ({ Directory } = await project.import("directory/node.js"));
    const kurt = await signIn(worker, "kurt");
    await found(kurt, "Nirvana");
    ({ permissions } = body(await kurt.get("/v1/resolve")));
    jwks = body(await kurt.get("/.well-known/jwks.json"));
  });
  after(() => worker?.stop());
  after(() => rmSync(folder, { recursive: true, force: true }));

  const site = () => ({ origin, send: (method, url, headers, text) => fetch(url.replace(origin, worker.origin), { method, headers, body: text || undefined }) });

  /** The same token in JavaScript: its answers, and that it is out of date once its organization has moved on. */
  async function verified(each, tokens) {
    if (each.kind === "passport") return samePassport(await api.verifyPassport(each.token, { jwks, audience: origin }), each, count);
    samePass(await api.verifyPass(each.token, { jwks, issuer: origin, minVersion: each.version }), each, count);
    const later = tokens.find((other) => other.kind === "pass" && other.slug === each.slug && other.version > each.version);
    if (later === undefined) return undefined;
    count("out of date");
    return assert.rejects(api.verifyPass(each.token, { jwks, minVersion: later.version }), (error) => error.code === "pass_stale");
  }

  for (let place = 0; place < worlds; place += 1) {
    test(`world ${place}: the package and \`Directory\` say what the Worker says`, async () => {
      const world = randomWorld(seed + place, permissions);
      const { steps, replies } = await recordScenario(world, site(), expectation);
      const tokens = signed({ people: world.people, steps, replies });
      const scenario = { title: `CORE_SEED=${seed}, world ${place}`, settings, steps };
      writeFileSync(join(folder, `${place}.json`), JSON.stringify({ people: world.people, scenarios: [scenario], tokens, jwks, now: Date.now() }));
      for (const each of tokens) await verified(each, tokens);
      await runScenario({ people: world.people, steps }, directorySite(Directory, settings));
      for (const { status } of replies) count(status);
    });
  }

  test("the library says the same natively", async () => {
    const args = ["test", ...lockedInCi, "--package", "guildhall", "--test", "native", "--", "--ignored", "one_core"];
    await run("cargo", args, { env: { ...process.env, ONE_CORE: folder }, log: "test-one-core" });
  });

  test("enough was asked, of every sort", () => {
    const seldom = ["yes", "no", "in teams", "in passports", "without a pass", "200", "404", "422"].filter((what) => !(counts[what] > 20));
    assert.deepEqual(seldom, [], JSON.stringify(counts));
  });
});
