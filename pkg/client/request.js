// From an operation and what it is called with to what is sent.
//
// Owns: paths, parameters, headers and bodies. Never does: send anything, or know an operation by name.

import { GuildhallError, unreadable } from "../errors.js";
import { heard } from "./options.js";

const verbs = { LIST: "GET", LINES: "GET" };

/** A line of the table, taken apart. */
export function read(line) {
  const [verb, template, more] = line.split(" ");
  const [path, parameters] = template.split("?");
  return {
    verb,
    method: verbs[verb] ?? verb,
    path,
    parameters: parameters?.split("&") ?? [],
    names: path.match(/(?<={)\w+/g) ?? [],
    takesInput: more === "+",
  };
}

/** What stays the same when it is sent again. What cannot be written is the caller's mistake. */
export function prepare(operation, ids, input, options) {
  try {
    return written(operation, ids, input, options);
  } catch (cause) {
    throw cause instanceof GuildhallError ? cause : unreadable("it cannot be sent", undefined, cause);
  }
}

function written(operation, ids, input, options) {
  heard(options, operation);
  const { method } = operation;
  const body = method === "GET" ? undefined : input;
  return {
    method,
    path: filled(operation, ids) + query(operation, input, options),
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: headers(operation, options, body !== undefined),
  };
}

function filled({ path, names }, ids) {
  names.forEach((name, at) => check(name, ids[at]));
  let at = 0;
  return path.replace(/{\w+}/g, () => encodeURIComponent(ids[at++]));
}

/** What is no name would name something else: an address without it, or one above it. */
function check(name, id) {
  if (typeof id !== "string" || ["", ".", ".."].includes(id) || !id.isWellFormed()) throw unreadable(`\`${name}\` is a text that names one`, name);
}

function query({ method, parameters }, input, options) {
  const given = parameters.map((name) => [name, options[name]]);
  const shared = [["consistency", options.consistency], ["dryRun", options.dryRun]];
  const all = [...(method === "GET" ? Object.entries(input ?? {}) : []), ...given, ...shared];
  const said = String(new URLSearchParams(all.filter(([, value]) => value !== undefined && value !== null)));
  return said && `?${said}`;
}

/** A version, as a number or its digits; any other text is an entity tag already. */
const version = (value) => (/^\d+$/.test(value) ? `"v${value}"` : value);

function headers({ method }, options, hasBody) {
  const own = {
    accept: "application/json",
    "content-type": hasBody ? "application/json" : undefined,
    "idempotency-key": method === "POST" ? (options.idempotencyKey ?? randomKey()) : undefined,
    "if-match": version(options.ifMatch),
    "guildhall-min-version": options.minVersion,
    "guildhall-organization": options.organization,
    "x-request-id": options.requestId,
  };
  return Object.entries(own).filter(([, value]) => value !== undefined && value !== null);
}

/** `crypto.randomUUID` is not everywhere. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
