// The functions, the same in every runtime.
//
// Owns: their names and arguments, and the reading of what has many forms in JavaScript (addresses,
// headers, texts with half a character). Never does: load anything by itself (the entries do), or
// hold a rule (the WebAssembly does).

import { text, value } from "./border.js";
import { notReady, unreadable } from "./errors.js";
import { exchange } from "./exchange.js";
import { loadGiven as given } from "./loading.js";

export { GuildhallError } from "./errors.js";

/** The host of a path that comes without a `Host` header. */
const nameless = "localhost";

const rules = exchange("parseSlug", "suggestSlug", "parseEmail", "resolveOrganization", "setting");

let loaded = false;
let failure;

/** Loads from a module or from bytes, at once. */
export function loadNow(module) {
  rules.take(module);
  loaded = true;
}

/** Loads from an address. */
export async function load(url) {
  try {
    await rules.load(url);
    loaded = true;
  } catch (cause) {
    failure = cause;
    throw notReady(`the WebAssembly could not be loaded from ${url}`, cause);
  }
}

/** Loads from what a user hands in, then calls `done`. */
export const loadGiven = (source, done) => given(source, rules, () => { loaded = true; done(); });

export const parseSlug = (slug) => call(rules.parseSlug, () => ({ text: wellFormed(slug) }));

export const suggestSlug = (name) => call(rules.suggestSlug, () => ({ name: wellFormed(name) }));

export const parseEmail = (address) => call(rules.parseEmail, () => ({ text: wellFormed(address) }));

export const resolveOrganization = (request) => call(rules.resolveOrganization, () => readable(request));

/** Not everything that a fallback may be can be written as JSON, so the core is told another, and again where that could be the value. */
export function setting(settings, key, fallback) {
  const or = (other) => call(rules.setting, () => ({ settings: settings ?? null, key: wellFormed(key), fallback: other }));
  return or(null) ?? (or(true) === null ? null : fallback);
}

function call(name, make) {
  if (!loaded) throw notReady("`await ready` before calling", failure);
  return value(name(text(make)));
}

/** Half a surrogate pair is no text in JSON: it becomes the replacement character, as in any other encoding. */
const wellFormed = (text) => (typeof text === "string" ? text.toWellFormed() : text);

const isObject = (value) => typeof value === "object" && value !== null;

function readable(request) {
  if (!isObject(request)) return request;
  const { url, headers, pass, ...rest } = request;
  const { now = Date.now() } = rest;
  const listed = pairs(headers);
  return { ...rest, now, url: absolute(url, listed), headers: listed, pass: organizationOf(pass) };
}

/** The id; `verifyPass` answers it in an object. A pass may tell it by a getter, which JSON does not see. */
function organizationOf(pass) {
  const organization = pass?.organization;
  return organization?.id ?? organization ?? pass;
}

/** As a server would see it: the URL standard's own reading, percent-encoded. */
function absolute(url, headers) {
  if (typeof url !== "string" && !(url instanceof URL)) return url;
  const whole = String(url).startsWith("/") ? `http://${hostOf(headers)}${url}` : url;
  try {
    return new URL(whole, `http://${nameless}`).href;
  } catch (cause) {
    throw unreadable("an address is expected", "url", cause);
  }
}

/** The host that a request names beside its path, as in Node. Rule: a `Host` with more than a host and a port is refused, since it would name another path. */
function hostOf(headers) {
  const named = Array.isArray(headers) ? headers.filter((pair) => String(pair?.[0]).toLowerCase() === "host") : [];
  if (named.length === 0) return nameless;
  const [[, host]] = named;
  if (named.length > 1 || typeof host !== "string" || !/^[^\s/?#@\\]+$/.test(host)) throw unreadable("one host is expected, like `acme.example.com` or `localhost:8787`", "headers.host");
  return host;
}

/** `Headers`, pairs, or an object as Node's `request.headers`, in which a list stands for several. */
function pairs(headers) {
  if (!isObject(headers)) return headers;
  if (Symbol.iterator in headers) return [...headers];
  const several = ([name, value]) => (Array.isArray(value) ? value.map((each) => [name, each]) : [[name, value]]);
  return Object.entries(headers).filter(([, value]) => value !== undefined).flatMap(several);
}
