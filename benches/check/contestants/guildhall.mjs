// Guildhall, from the packed package: a pass, a passport, and a batch of a passport.
//
// Owns: how they are asked. Never does: import the package: each runtime has its own entry.

export async function guildhall({ pass, passport, jwks }, { verifyPass, verifyPassport }) {
  const one = await verifyPass(pass, { jwks });
  const all = await verifyPassport(passport, { jwks });
  return [checks(one, all), batch(all), made(all)];
}

const checks = (one, all) => ({
  name: "Guildhall",
  pass: { run: ({ length, permissions }) => {
    let yes = 0;
    for (let index = 0; index < length; index += 1) if (one.can(permissions[index])) yes += 1;
    return yes;
  } },
  passport: { run: ({ length, organizations, permissions }) => {
    let yes = 0;
    for (let index = 0; index < length; index += 1) if (all.can(organizations[index], permissions[index])) yes += 1;
    return yes;
  } },
});

const pairs = ({ length, organizations, permissions }) => Array.from({ length }, (_, index) => [organizations[index], permissions[index]]);

/** A batch that is made once and asked often; what is timed is `run`. */
const batch = (all) => ({
  name: "Guildhall, batch",
  passport: {
    once: true,
    prepare: (questions) => ({ checks: all.checks(pairs(questions)), into: new Uint8Array(questions.length) }),
    run: ({ checks, into }) => checks.run(into),
  },
});

/** A batch that is asked once: what is timed is making it, too. */
const made = (all) => ({
  name: "Guildhall, batch made anew",
  passport: { prepare: pairs, run: (asked) => all.checks(asked).run() },
});
