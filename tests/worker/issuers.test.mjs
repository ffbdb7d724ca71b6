// Keys of an issuer on the built Worker, whose clock the test moves.

import { checkIssuers, authOf } from "../harness/issuers.mjs";
import { movedClock } from "./support/clock.mjs";
import { startOddWorker } from "./support/odd-worker.mjs";

checkIssuers("Issuers on the Worker", async (issuer) => {
  const worker = await startOddWorker({ vars: { AUTH: authOf(issuer) }, bindings: movedClock });
  return {
    fetch: (path, init) => fetch(worker.origin + path, init),
    skew: (seconds) => fetch(`${worker.origin}/healthz`, { headers: { "x-ahead": String(seconds) } }),
    stop: worker.stop,
    tellsFaults: true,
  };
});
