// Domains of every script on workerd, mapped by its own `URL`: the corpus that the core reads natively.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startWorker } from "../harness/worker.mjs";
import { at } from "../../scripts/steps/places.mjs";
import { signIn } from "./support/caller.mjs";
import { body, found } from "./support/scenes.mjs";

const corpus = JSON.parse(readFileSync(at("tests", "fixtures", "host-names.json"), "utf8"));

let worker;
before(async () => { worker = await startWorker(); });
after(() => worker?.stop());

test("a link allows the domain of the corpus, in its ASCII form", async () => {
  const kurt = await signIn(worker, "kurt");
  const nirvana = await found(kurt, "Nirvana");
  const links = `/v1/organizations/${nirvana.id}/invitation-links`;
  for (const { about, name, ascii } of corpus) {
    const answer = await kurt.post(links, { allowedDomains: [name] });
    assert.deepEqual([answer.status, answer.body.allowedDomains ?? null], ascii ? [201, [ascii]] : [422, null], `${about}: ${answer.text}`);
    if (ascii) body(await kurt.delete(`${links}/${answer.body.id}`));
  }
});
