// Believing passes: the key, the signature, the rule.
//
// Owns: their order, and who checks the signature: WebCrypto where it knows Ed25519, else the rules'
// own arithmetic. Never does: read a claim: the core does, strictly.

import { text, value } from "../border.js";
import { refused, unreadable } from "../errors.js";
import { fetching, isSignal, known } from "../options.js";
import { withKeys } from "./keys.js";
import { Pass } from "./pass.js";
import { Passport } from "./passport.js";

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
  const { audience, issuer, leeway, minVersion, minEpoch, now, ...from } = checked(options, passport);
  if (!isText(token)) throw unreadable("a text is expected", "token");
  // What no token is made of need not be handed on.
  if (!/^[\w.-]{0,32768}$/.test(token)) throw refused("pass_invalid", "the pass is not one of ours, or was changed", "it is no token");
  await withKeys(from, (jwks) => signed({ token, passport, jwks }, openPass, vouch));
  const clock = Date.now();
  const at = now === undefined ? clock : Number(now);
  const question = { token, passport, audience, issuer, leeway, minVersion, minEpoch, now: at };
  const said = explained(() => believePass(question), question);
  // Whoever brings a clock along has the end of the pass moved to where this one is.
  return { token, said, skew: clock - at, explainPass };
}

/** What a refusal is about, in words: the claim that is found, and what is expected of it. */
function explained(believe, { token, audience, issuer }) {
  try {
    return believe();
  } catch (refusal) {
    const { code, title } = refusal;
    if (code !== "pass_wrong_audience" && code !== "pass_wrong_issuer") throw refusal;
    const { iss, aud } = JSON.parse(decoder.decode(bytes(token.split(".")[1])));
    const shown = (text) => `\`${text.slice(0, 100)}\``;
    const [found, expected] = code === "pass_wrong_issuer" ? [`from ${shown(iss)}`, `from ${shown(issuer)}`] : [`for ${shown(aud)}`, audience === undefined ? `for ${shown(iss)}, which signed it: \`audience\` names another reader` : `for ${shown(audience)}`];
    throw refused(code, title, `the pass is ${found}, and must be ${expected}`, code === "pass_wrong_issuer" ? "issuer" : "audience");
  }
}

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isText = (value) => typeof value === "string";
/** Milliseconds or a `Date`, of whatever realm; without one it is the clock's. */
const isInstant = (value) => value === undefined || Number.isFinite(typeof value === "object" ? value?.getTime?.() : value);

/**
 * What is asked for must be something: `audience: env.NAME` without such a name, and `minVersion: Number(header)`
 * of no number, are mistakes, and not the same as asking for nothing.
 */
const kinds = { audience: isText, issuer: isText, leeway: isCount, minVersion: isCount, minEpoch: isCount, now: isInstant, signal: isSignal };
const names = ["jwks", "fetch", ...Object.keys(kinds)];

function checked(given = {}, passport) {
  const options = known(given, names);
  const { jwks } = options;
  if (jwks == null) throw unreadable("`jwks` is missing", "jwks");
  if (typeof jwks.then === "function") throw unreadable("these keys are only promised: `await` them", "jwks");
  for (const name in options) {
    if (name in kinds && !kinds[name](options[name])) throw unreadable("a value is expected, or no such option", name);
    if (passport && name.startsWith("min")) throw unreadable("a passport has many: ask its memberships", name);
  }
  return { ...options, fetch: fetching(options.fetch) };
}

async function signed(question, openPass, vouch) {
  const { subtle } = globalThis.crypto ?? {};
  // Pages that came over plain HTTP have none.
  if (subtle === undefined) return vouch(question);
  const x = openPass({ ...question, names: await namesOf(question.jwks, subtle) });
  const known = await signedBy(x, question.token, subtle);
  if (known === undefined) return vouch(question);
  if (!known) throw refused("pass_invalid", "the pass is not one of ours, or was changed", "the signature is another's");
  return true;
}

/** Whether a signature is this key's; `undefined` where the runtime has no Ed25519. */
async function signedBy(x, token, subtle) {
  const key = await keyOf(x, subtle);
  if (key === undefined) return undefined;
  const end = token.lastIndexOf(".");
  return subtle.verify("Ed25519", key, bytes(token.slice(end + 1)), encoder.encode(token.slice(0, end)));
}

/** The names of keys by their `x`; whether they are what the set says is for the core to judge. */
async function namesOf(jwks, subtle) {
  const all = [jwks.keys ?? jwks].flat().map((key) => key?.x).filter(isText).slice(0, most);
  return Object.fromEntries(await Promise.all(all.map(async (x) => [x, await nameOf(x, subtle)])));
}

/** What was worked out for a key, kept for the last few. */
function remembered(make) {
  const known = new Map();
  return (x, subtle) => {
    if (known.size > most) known.clear();
    if (!known.has(x)) known.set(x, make(x, subtle));
    return known.get(x);
  };
}

const most = 64;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const keyOf = remembered((x, subtle) => subtle.importKey("raw", bytes(x), "Ed25519", false, ["verify"]).catch(() => undefined));

/** A key's thumbprint (RFC 7638, RFC 8037). */
const nameOf = remembered(async (x, subtle) => {
  const hash = await subtle.digest("SHA-256", encoder.encode(JSON.stringify({ crv: "Ed25519", kty: "OKP", x })));
  return btoa(String.fromCharCode(...new Uint8Array(hash))).replace(/\+/g, "-").replace(/\//g, "_").replace("=", "");
});

/** Base64url that the core has found canonical. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
