// Tokens of foreign issuers on the built Worker, whose clock stands.

import { checkForeignTokens, instant, settings } from "../harness/foreign-tokens.mjs";
import { stoppedClock } from "./support/clock.mjs";
import { startOddWorker } from "./support/odd-worker.mjs";

checkForeignTokens("Foreign tokens on the Worker", async () => {
  const worker = await startOddWorker({ vars: settings(), bindings: stoppedClock(instant) });
  return { origin: worker.origin, fetch: (path, init) => fetch(worker.origin + path, init), stop: worker.stop };
});
