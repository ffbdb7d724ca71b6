// Believing passes: the key, the signature, the rule.
//
// Owns: their order, and who checks the signature: WebCrypto where it knows Ed25519, else the rules'
// own arithmetic. Never does: read a claim: the core does, strictly.

import { text, value } from "../border.js";
import { refused, unreadable } from "../errors.js";
import { withKeys } from "./keys.js";
import { Pass, Passport } from "./pass.js";

/** The two functions; `load` gives the rules, `vouch` checks a signature where WebCrypto cannot. */
export const verifiers = (load, vouch) => ({
  verifyPass: async (token, options) => new Pass(await believed(token, options, await rules(load), vouch, false)),
  verifyPassport: async (token, options) => new Passport(await believed(token, options, await rules(load), vouch, true)),
});

async function rules(load) {
  const wasm = await load();
  const call = (name) => (question) => value(wasm[name](text(() => question)));
  return { openPass: call("openPass"), believePass: call("believePass"), explainPass: call("explainPass") };
}

async function believed(token, options, { openPass, believePass, explainPass }, vouch, passport) {
  const { audience, issuer, leeway, minVersion, minEpoch, now } = checked(options, passport);
  await withKeys(options, (jwks) => signed({ token, passport, jwks }, openPass, vouch));
  const clock = Date.now();
  const at = now === undefined ? clock : Number(now);
  const said = believePass({ token, passport, audience, issuer, leeway, minVersion, minEpoch, now: at });
  // Whoever brings a clock along has the end of the pass moved to where this one is.
  return { token, said, skew: clock - at, explainPass };
}

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isText = (value) => typeof value === "string";
const kinds = { audience: isText, issuer: isText, leeway: isCount, minVersion: isCount, minEpoch: isCount };

/**
 * What is asked for must be something: `audience: env.NAME` without such a name, and `minVersion: Number(header)`
 * of no number, are mistakes, and not the same as asking for nothing.
 */
function checked(options, passport) {
  if (typeof options !== "object" || options === null || options.jwks == null) throw unreadable("`jwks` is missing", "jwks");
  for (const [name, isRight] of Object.entries(kinds)) {
    if (name in options && !isRight(options[name])) throw unreadable("a value is expected, or no such option", name);
    if (name in options && passport && name.startsWith("min")) throw unreadable("a passport has many: ask its memberships", name);
  }
  return options;
}

async function signed(question, openPass, vouch) {
  const { x } = openPass(question);
  const known = await signedBy(x, question.token);
  if (known === undefined) return vouch(question);
  if (!known) throw refused("pass_invalid", "the pass is not one of ours, or was changed", "the signature is another's");
  return true;
}

const imported = new Map();

/** Whether a signature is this key's; `undefined` where the runtime has no Ed25519. */
async function signedBy(x, token) {
  const key = await keyOf(x);
  if (key === undefined) return undefined;
  const end = token.lastIndexOf(".");
  return crypto.subtle.verify("Ed25519", key, bytes(token.slice(end + 1)), new TextEncoder().encode(token.slice(0, end)));
}

async function keyOf(x) {
  if (imported.size > 64) imported.clear();
  if (!imported.has(x)) imported.set(x, importKey(x));
  return imported.get(x);
}

const importKey = (x) => crypto.subtle.importKey("raw", bytes(x), "Ed25519", false, ["verify"]).catch(() => undefined);

/** Base64url that the core has found canonical. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
