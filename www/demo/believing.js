// Believing tokens, and ways to cheat that must not be believed.
//
// Owns: the list of ways. Never does: touch the page, or judge a token itself: the package does.

import { audience } from "./asking.js";

const rules = () => import("/pkg/pass/browser.js");

/** A token of this kind, believed; the requests it took are counted. */
export async function believe(kind, token, options) {
  const before = performance.getEntriesByType("resource").length;
  const { verifyPass, verifyPassport } = await rules();
  const statement = await (kind === "pass" ? verifyPass : verifyPassport)(token, { audience, ...options });
  return { statement, requests: performance.getEntriesByType("resource").length - before };
}

/** The claims as they stand in a token, before anybody believes them. */
export function claimsOf(token) {
  const base64 = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))));
}

/** A key that signed nothing here: the one of RFC 8037. */
const stranger = {
  kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig",
  kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};

const later = 6 * 60_000;

/** With these options changed; `told` is a sentence about it. */
const withOptions = (change, told) => ({ token, options, version }) => ({ token, options: { ...options, ...change(version) }, told: told(version) });

/** Each makes what is verified instead. One that has a `kind` is for such tokens only. */
export const attempts = [
  { label: "Change one character", make: changed },
  { label: "Show it to another audience", make: withOptions(() => ({ audience: "somebody.else" }), () => "Read by `somebody.else`") },
  { label: "Let six minutes pass", make: withOptions(() => ({ now: Date.now() + later }), () => "Read six minutes later") },
  { label: "Verify with other keys", make: withOptions(() => ({ jwks: { keys: [stranger] } }), () => "Verified with the keys of somebody else") },
  {
    label: "Demand a newer version",
    kind: "pass",
    make: withOptions((version) => ({ minVersion: version + 1 }), (version) => `Read by somebody who has seen version ${version + 1}`),
  },
];

/** One character of the claims, anywhere in them. */
function changed({ token, options }) {
  const start = token.indexOf(".") + 1;
  const place = start + Math.floor(Math.random() * (token.lastIndexOf(".") - start));
  const instead = token[place] === "A" ? "B" : "A";
  const told = `Character ${place + 1} changed from \`${token[place]}\` to \`${instead}\``;
  return { token: token.slice(0, place) + instead + token.slice(place + 1), options, told, place };
}
