// `npm run operator-key -- NAME`: makes an operator key, and the entry that declares it.
//
// Owns: the randomness of a key, its form (`src/app/operator_keys.rs` has the same), and the entry's text.
// Never does: keep the key, or talk to an installation or to Cloudflare.

import { createHash, randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { command, Failure } from "./steps/report.mjs";

const usage = "npm run operator-key -- NAME [--scopes read,act-as,organizations,erase] [--until 2027-06-30] [--vouches email,mfa,sign_in]";
const known = { scopes: ["read", "act-as", "organizations", "erase"], vouches: ["email", "mfa", "sign_in"] };

const digestOf = (text) => createHash("sha256").update(text);

/** `gho_`, 256 random bits, and six characters by which a cut or mistyped key is told from another one. */
function newKey() {
  const start = `gho_${randomBytes(32).toString("base64url")}`;
  return start + digestOf(start).digest("base64url").slice(0, 6);
}

function words(option, text) {
  const given = text.split(",").map((word) => word.trim()).filter(Boolean);
  const unknown = given.find((word) => !known[option].includes(word));
  if (unknown !== undefined) throw new Failure(`--${option}: \`${unknown}\` is unknown; possible are ${known[option].join(", ")}`, usage);
  return given;
}

function instant(text) {
  const end = new Date(text);
  if (Number.isNaN(end.getTime())) throw new Failure(`--until: \`${text}\` is no date`, usage);
  if (end <= new Date()) throw new Failure(`--until: \`${text}\` is in the past`, usage);
  return end.toISOString();
}

function commandLine() {
  const options = { scopes: { type: "string", default: "read" }, until: { type: "string" }, vouches: { type: "string", default: "" } };
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Failure(error.message, usage);
  }
  const { values, positionals: [name, ...more] } = parsed;
  if (name === undefined || more.length > 0) throw new Failure("one name is wanted", usage);
  if (!/^[a-z0-9_-]{1,64}$/.test(name)) throw new Failure(`\`${name}\` is no name: 1 to 64 lower-case letters, digits, \`-\` and \`_\``, usage);
  const scopes = words("scopes", values.scopes);
  if (scopes.length === 0) throw new Failure("--scopes: a key without a scope opens nothing", usage);
  const vouches = words("vouches", values.vouches);
  return { name, scopes, ...(values.until !== undefined && { until: instant(values.until) }), ...(vouches.length > 0 && { vouches }) };
}

await command(() => {
  const { name, ...rest } = commandLine();
  const key = newKey();
  const entry = JSON.stringify({ name, digest: digestOf(key).digest("hex"), ...rest });
  console.log(`
The operator key \`${name}\`. It is shown here and nowhere else; give it to the back end as a secret:

  ${key}

Its entry for the secret OPERATOR_KEYS, which is a JSON list of such entries:

  [${entry}]

Add the entry to those that are there already, then: npx wrangler secret put OPERATOR_KEYS
`);
});
