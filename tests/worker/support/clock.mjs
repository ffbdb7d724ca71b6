// The clock of a Worker, as a test moves it.
//
// Owns: the JavaScript that stands around the built Worker for that. Never does: touch what waits; timers stay real.

/** Bindings under which the clock runs ahead by what a request's header `x-ahead` says, in seconds. */
export const movedClock = `
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

/** Bindings under which it is always the same instant, in milliseconds. */
export const stoppedClock = (instant) => `
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) {
      super(...(given.length === 0 ? [${instant}] : given));
    }
    static now() {
      return ${instant};
    }
  };
  return {};`;
