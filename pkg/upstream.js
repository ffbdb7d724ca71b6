// Signing a request for somebody: `Guildhall-Principal`, for a server that knows who asks.
//
// Owns: what is signed, byte by byte, as docs/upstream.md has it.
// Never does: send a request, keep a secret, or decide who somebody is.

import { unreadable } from "./errors.js";
import { known } from "./options.js";

export { GuildhallError } from "./errors.js";

const header = "guildhall-principal";
const shortest = 32;
const ofKey = ["id", "secret", "origin", "now", "nonce"];
const ofPrincipal = ["userId", "email", "emailVerified", "mfa", "name", "kind", "signedInAt"];

const encoder = new TextEncoder();
const bytesOf = (text) => encoder.encode(text);

/** Bytes as base64url without padding. */
function base64url(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The request with a signature that says for whom it asks. */
export async function signPrincipal(request, principal, key) {
  if (!(request instanceof Request)) throw unreadable("a `Request` is expected", "request");
  const { id, secret, origin, now = Date.now(), nonce = base64url(crypto.getRandomValues(new Uint8Array(16))) } = checked(key);
  const body = request.body === null || request.body === undefined ? undefined : new Uint8Array(await request.clone().arrayBuffer());
  const claims = { id, timestamp: String(Math.floor(now / 1000)), nonce, principal: written(principal) };
  const message = await signed(request, origin, claims, body ?? new Uint8Array());
  const imported = await crypto.subtle.importKey("raw", bytesOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = base64url(new Uint8Array(await crypto.subtle.sign("HMAC", imported, message)));
  const headers = new Headers(request.headers);
  headers.set(header, ["v1", id, claims.timestamp, nonce, claims.principal, mac].join("."));
  // With the bytes that were signed: a stream may come only once.
  return new Request(request, body ? { headers, body } : { headers });
}

function checked(key) {
  const given = known(key, ofKey);
  const { id, secret, origin } = given;
  if (!/^[\w-]{1,64}$/.test(id)) throw unreadable("1 to 64 letters, digits, `-` and `_` are expected", "id");
  if (typeof secret !== "string" || bytesOf(secret).length < shortest) throw unreadable(`a text of at least ${shortest} bytes is expected`, "secret");
  if (typeof origin !== "string" || !URL.canParse(origin) || new URL(origin).origin !== origin) throw unreadable("the installation's `PUBLIC_ORIGIN` is expected, as `https://guildhall.example`", "origin");
  return given;
}

/** The principal as base64url of its JSON. */
function written(principal) {
  const given = known(principal, ofPrincipal);
  if (typeof given.userId !== "string" || given.userId === "") throw unreadable("a user id is expected", "userId");
  return base64url(bytesOf(JSON.stringify(given)));
}

/** What is signed: netstrings of fixed fields, then of the names and values of headers. */
async function signed(request, origin, { id, timestamp, nonce, principal }, body) {
  const url = new URL(request.url);
  const target = url.href.replace(/#.*$/s, "").slice(url.origin.length);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const fields = ["guildhall-upstream-v1", id, origin, url.host, timestamp, nonce, request.method, target, hex, principal];
  return bytesOf([...fields, ...headersOf(request.headers)].map((field) => `${bytesOf(field).length}:${field},`).join(""));
}

const isSigned = (name) => (name.startsWith("guildhall") && name !== header) || name === "if-match" || name === "idempotency-key";

/** `Headers` gives lower-case names in order, and several values of one name joined by `, `. */
function* headersOf(headers) {
  for (const [name, value] of headers) {
    if (!isSigned(name)) continue;
    if (/[^\t -~]/.test(value)) throw unreadable("a signed header has visible ASCII, spaces and tabs", name);
    yield* [name, value];
  }
}
