// Keys of an issuer on the built Worker, whose clock the test moves.

import { checkIssuers, authOf } from "../harness/issuers.mjs";
import { startOddWorker } from "./support/odd-worker.mjs";

/** The Worker's clock runs ahead by what a request's header says. */
const clock = `
  const Real = Date;
  let ahead = 0;
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length === 0 ? [Real.now() + ahead] : given));
    }
    static now() {
      return Real.now() + ahead;
    }
  };
  const answer = Built.prototype.fetch;
  Built.prototype.fetch = function (request) {
    const seconds = request.headers.get("x-ahead");
    if (seconds !== null) ahead = Number(seconds) * 1000;
    return answer.call(this, request);
  };
  return {};`;

checkIssuers("Issuers on the Worker", async (issuer) => {
  const worker = await startOddWorker({ vars: { AUTH: authOf(issuer) }, bindings: clock });
  return {
    fetch: (path, init) => fetch(worker.origin + path, init),
    skew: (seconds) => fetch(`${worker.origin}/healthz`, { headers: { "x-ahead": String(seconds) } }),
    stop: worker.stop,
    tellsFaults: true,
  };
});
