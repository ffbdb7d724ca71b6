// The runtimes on which races are run: the pinned one, and the one pinned before it.
//
// Owns: a Worker for each, and that no race ends in a failure of the database.
// Never does: race.

import assert from "node:assert/strict";
import { after, afterEach, before, describe } from "node:test";
import { startWorker } from "../../harness/worker.mjs";

/** By the npm package of wrangler, whose workerd is its own. */
export const runtimes = ["wrangler", "wrangler-former"];

/** Those on which every race is run: `npm test` has the time for the pinned one, and for keys broken by a race on both. */
const raced = process.env.TEST_ALL ? runtimes : runtimes.slice(0, 1);

/**
 * Defines tests once for each runtime that is raced on.
 *
 * @param {object} options those of `startWorker`
 * @param {(here: {worker: object}) => void} define defines them; `here.worker` is there once they run
 */
export function onEachRuntime(options, define) {
  for (const runtime of raced) {
    describe(`on the workerd of ${runtime}`, () => {
      const here = {};
      before(async () => { here.worker = await startWorker({ ...options, runtime }); });
      after(() => here.worker?.stop());
      // A lost race is refused with a code; what the runtime calls a failure would look like an outage.
      afterEach(() => assert.doesNotMatch(here.worker.log(), /D1 failed|internal error/));
      define(here);
    });
  }
}
