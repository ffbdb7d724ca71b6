// Biscuit: a token for each membership, verified beforehand, its rights as facts; a policy for each question.
//
// Owns: how it is asked, and freeing what it makes. Never does: verify a signature while it is timed.

import { AuthorizerBuilder, BiscuitBuilder, KeyPair, SignatureAlgorithm } from "@biscuit-auth/biscuit-wasm";

const keys = new KeyPair(SignatureAlgorithm.Ed25519);

function token(answers) {
  const builder = new BiscuitBuilder();
  for (const [permission, allowed] of answers) if (allowed) builder.addCodeWithParameters("right({permission});", { permission }, {});
  return builder.build(keys.getPrivateKey());
}

/** Its own limit, a millisecond, is a busy machine's end. */
const limits = { max_facts: 1000, max_iterations: 100, max_time_micro: 1_000_000 };

/** A refusal is an exception that says so. */
function allows(authorizer) {
  try {
    authorizer.authorizeWithLimits(limits);
    return true;
  } catch (refusal) {
    if (refusal?.FailedLogic === undefined) throw refusal;
    return false;
  } finally {
    authorizer.free();
  }
}

function may(token, permission) {
  const builder = new AuthorizerBuilder();
  builder.addCodeWithParameters("allow if right({permission});", { permission }, {});
  return allows(builder.buildAuthenticated(token));
}

export function biscuit({ table }) {
  const all = new Map(JSON.parse(table).map(([organization, answers]) => [organization, token(answers)]));
  const run = ({ length, organizations, permissions }) => {
    let yes = 0;
    for (let index = 0; index < length; index += 1) if (may(all.get(organizations[index]), permissions[index])) yes += 1;
    return yes;
  };
  return { name: "Biscuit", slow: true, pass: { run }, passport: { run } };
}
