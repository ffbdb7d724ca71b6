// A million checks of each kind, a few at a time.
//
// Owns: the questions, the ways of answering them, the stopwatch. Pure: values in, times out.
// Never does: touch the page, or wait: whoever drives it decides when the next few are due.

const questions = 1_000;
const rounds = 40;
const turns = 25;

/** Of each kind. */
export const checks = questions * rounds * turns;

/** `questions` of a list, in a fixed order that no engine can guess. */
function drawn(list, seed) {
  let state = seed;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  return Array.from({ length: questions }, () => list[next() % list.length]);
}

/** The ways of answering; `beside` is the place of the Map that does the same. */
export function contestants({ pass, passport, permissions }) {
  const asked = drawn(permissions, 7);
  const where = drawn([...passport.organizations.map(({ slug }) => slug), "nobody-s"], 11);
  const table = (member) => new Map(permissions.map((permission) => [permission, member.can(permission)]));
  const tables = new Map(passport.memberships.map((member) => [member.organization.slug, table(member)]));
  return [
    { name: "JS Map", run: byMap(asked, table(pass)) },
    { name: "pass.can", beside: 0, run: byPass(asked, pass) },
    { name: "JS Map of Maps", run: byMaps(where, asked, tables) },
    { name: "passport.can", beside: 2, run: byPassport(where, asked, passport) },
    { name: "checks().run()", beside: 2, run: byBatch(passport.checks(asked.map((permission, place) => [where[place], permission]))) },
  ];
}

// Rule: each way has a loop of its own, which gives how many were allowed. In one loop for all, the
// engine would pay for not knowing what it calls; without the count it might not ask at all.

const byMap = (asked, table) => () => {
  let yes = 0;
  for (let round = 0; round < rounds; round += 1)
    for (let place = 0; place < questions; place += 1) if (table.get(asked[place])) yes += 1;
  return yes;
};

const byPass = (asked, pass) => () => {
  let yes = 0;
  for (let round = 0; round < rounds; round += 1)
    for (let place = 0; place < questions; place += 1) if (pass.can(asked[place])) yes += 1;
  return yes;
};

const byMaps = (where, asked, tables) => () => {
  let yes = 0;
  for (let round = 0; round < rounds; round += 1)
    for (let place = 0; place < questions; place += 1) if (tables.get(where[place])?.get(asked[place])) yes += 1;
  return yes;
};

const byPassport = (where, asked, passport) => () => {
  let yes = 0;
  for (let round = 0; round < rounds; round += 1)
    for (let place = 0; place < questions; place += 1) if (passport.can(where[place], asked[place])) yes += 1;
  return yes;
};

const byBatch = (batch) => () => {
  const answers = new Uint8Array(batch.length);
  for (let round = 0; round < rounds; round += 1) batch.run(answers);
  return rounds * answers.reduce((yes, answer) => yes + answer, 0);
};

/** Runs everybody a little at a time; yields the part that is done, and returns the results. */
export function* race(all) {
  for (const { run } of all) run();
  const taken = all.map(() => ({ times: [], allowed: 0 }));
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [place, { run }] of all.entries()) {
      const start = performance.now();
      taken[place].allowed += run();
      taken[place].times.push(performance.now() - start);
      yield (turn + (place + 1) / all.length) / turns;
    }
  }
  return all.map((one, place) => result(one, taken, place));
}

/** Milliseconds of a turn. The slowest fifth is left out: there the machine did something else as well. */
function typical(times) {
  const fast = times.toSorted((one, other) => one - other).slice(0, Math.ceil(turns * 0.8));
  return fast.reduce((sum, time) => sum + time, 0) / fast.length;
}

function result({ name, beside }, taken, place) {
  const { times, allowed } = taken[place];
  const ms = typical(times);
  const other = beside === undefined ? undefined : taken[beside];
  const agrees = other === undefined || other.allowed === allowed;
  return { name, ns: (ms * 1e6) / (questions * rounds), allowed, ratio: other && ms / typical(other.times), agrees };
}
