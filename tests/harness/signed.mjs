// Passes and passports of a recorded world, beside what `check` said to the same person at the same time.
//
// Owns: which answers a token must repeat, and asking the npm package for them; `tests/native/one_core.rs`
// asks the same natively. Never does: sign, or know a right answer.

import assert from "node:assert/strict";

/** Whether it was asked what this person may do: by another, or by themselves, if they hear what they are a member for and no more. */
const isAbout = (name, { userId, platformAdmin }) => ({ sort, as, asked }) =>
  sort === "check" && (as === name ? !platformAdmin && [undefined, userId].includes(asked.userId) : asked.userId === userId);

/** What was asked with a step, and answered. */
const answered = (steps, replies) =>
  steps.map((step, place) => ({ step, reply: replies[place] })).map(({ step, reply: { sent, status, body } }) => ({ ...step, status, answer: body, asked: sent ? JSON.parse(sent) : {} }));

/** A check as a line for one token: the organization, the team, and what was said of each permission. */
const line = ({ slug, asked: { permissions, team }, answer: { code = null, decisions = [] } }) => ({ organization: slug, team: team ?? null, permissions, code, decisions });

/**
 * Every token that was signed, with what it must answer.
 *
 * @returns `{kind, who, round, token, version, without, lines}`; `without` are the organizations in which no
 *   pass was given to the same person
 */
export function signed({ people, steps, replies }) {
  const all = answered(steps, replies);
  return all.filter(({ sort, status }) => (sort === "pass" || sort === "passport") && status === 201).map(({ sort, as, round, slug, answer }) => {
    const same = all.filter((each) => each.round === round && (sort === "passport" || each.slug === slug));
    const refused = same.filter((each) => each.as === as && each.sort === "pass" && each.status !== 201).map((each) => each.slug);
    const checks = same.filter(isAbout(as, people[as])).filter(({ asked }) => sort === "pass" || asked.team === undefined);
    const lines = checks.filter(({ status, answer: { code } }) => status === 200 || code === "unknown_permission").map(line);
    return { kind: sort, who: as, round, slug, token: answer.token, version: answer.version ?? null, without: refused, lines };
  });
}

/** A decision without what a token does not say: in which team a role is held, and that team's role. */
const reasons = ({ permission, allowed, code, grantedBy, grantedIn, missing }, why) =>
  ({ permission, allowed, code, ...(grantedBy && { grantedBy: grantedIn ? why.grantedBy : grantedBy }), ...(missing && { missing }) });

const throws = (call, code) => assert.throws(call, (error) => error.code === code);

/** Compares a pass with the checks. */
export function samePass(pass, { lines }, count) {
  for (const { team, permissions, code, decisions } of lines) {
    const there = team ?? undefined;
    if (code) throws(() => pass.canAll(permissions), code);
    else if (team && !pass.teams.includes(team)) throws(() => pass.can(permissions[0], team), "team_not_in_pass");
    else {
      for (const decision of decisions) {
        const why = pass.explain(decision.permission, there);
        assert.equal(pass.can(decision.permission, there), decision.allowed, `${decision.permission} in ${team}`);
        assert.deepEqual({ ...why }, JSON.parse(JSON.stringify(reasons(decision, why))));
        count(team ? "in teams" : decision.allowed ? "yes" : "no");
      }
      const yes = decisions.filter(({ allowed }) => allowed).map(({ permission }) => permission);
      assert.deepEqual([...pass.permissions(there)].sort(), yes.sort());
    }
  }
}

/** Compares a passport with the checks; where nobody gave a pass, it speaks of no membership. */
export function samePassport(passport, { lines, without }, count) {
  for (const { organization, permissions, code, decisions } of lines) {
    if (code) throws(() => permissions.map((permission) => passport.can(organization, permission)), code);
    else {
      const answers = permissions.map((permission) => passport.can(organization, permission));
      const reached = !without.includes(organization);
      assert.equal(passport.pass(organization) !== undefined, reached, organization);
      assert.deepEqual(answers, decisions.map(({ allowed }) => allowed && reached));
      assert.deepEqual([...passport.checks(permissions.map((each) => [organization, each])).run()], answers.map(Number));
      if (reached) assert.deepEqual(permissions.map((each) => ({ ...passport.explain(organization, each) })), decisions.map((each) => JSON.parse(JSON.stringify(reasons(each, each)))));
      count(reached ? "in passports" : "without a pass", permissions.length);
    }
  }
}
