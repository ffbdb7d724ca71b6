// Asking the installation whose request this is: `GET /v1/resolve`.
//
// Owns: what of the request goes along, how long is waited, and what the answer means.
// Never does: decide, remember an answer, or let somebody through when there is none.

import { within } from "../ending.js";
import { refused as mistaken, unreadable } from "../errors.js";
import { actAs, asker, header, minVersion, namesInPath, namesInQuery } from "./names.js";
import { problem, refused } from "./refusal.js";

/** Where a service binding is asked; a name that stands for no organization. */
const anywhere = "http://localhost";

/** Milliseconds that an installation is given. */
const patience = 5000;

/** What says who is asking, about which organization, and how new the answer must be. */
const along = [...asker, minVersion, "x-request-id"];

/** By it an installation counts anonymous requests. Over the network the platform writes its own over it. */
const address = "cf-connecting-ip";

const hasOperatorKey = (headers) => /^Bearer\s+gho_/i.test(headers.get("authorization") ?? "");

/** Which headers go along. A signed principal never does: it is signed for another request than this question. */
function sentAlong(headers, forward) {
  const own = [...actAs, "guildhall-principal"];
  const names = [...along, ...forward.map((name) => name.toLowerCase())].filter((name) => !own.includes(name));
  return hasOperatorKey(headers) ? [...names, ...actAs] : names;
}

/** The standing of whoever asks; refusals are thrown. */
export async function asked({ request, headers, names }, worker, forward = [], timeout = patience) {
  if (typeof worker?.fetch !== "function" && !/^https?:\/\//.test(worker)) throw unreadable("a service binding, or the address of an installation, is expected", "worker");
  // What a key may do in an application is no scope's to say, and the gateway's rule is the same.
  if (hasOperatorKey(headers) && !headers.has(actAs[0])) throw refused(403, "permission_denied", "a permission is missing", "an operator key asks for this in the name of a user only: name the user in `Guildhall-Act-As`");
  const all = new Headers();
  for (const name of sentAlong(headers, worker.fetch ? [address, ...forward] : forward)) if (headers.has(name)) all.set(name, headers.get(name));
  const path = placed(request.url, all, names);
  const ask = (path, init) => exchange(worker, path, { ...init, headers: all }, [request.signal, AbortSignal.timeout(timeout)]);
  return { standing: understood(await ask(path)), undeclared: (...about) => undeclared(ask, all, ...about) };
}

/** The installation's answer. */
async function exchange(worker, path, init, signals) {
  const url = (worker?.fetch ? anywhere : String(worker).replace(/\/+$/, "")) + path;
  const { response, answer, message } = await within(signals, async (signal) => {
    // What goes along is for the installation alone, and nothing that is asked here leads on: no redirect is followed.
    const question = new Request(url, { ...init, signal, redirect: "manual" });
    const response = await (worker?.fetch ? worker : globalThis).fetch(question);
    return { response, answer: await response.json() };
  }).catch(Object);
  if (response?.ok && answer) return answer;
  // Only what is one of the installation's refusals is passed on as such.
  if (/^4/.test(response?.status) && answer?.code) throw problem(response.status, answer, response.headers.get("retry-after"));
  // What went wrong on the way is the operator's to know, and no stranger's.
  if (message) console.error(`guildhall: ${message}`);
  throw silent(response ? `the installation answered ${response.status}` : "the installation does not answer");
}

const silent = (why) => refused(503, "unavailable", "the service cannot answer now", why);

/** Puts every name where Guildhall reads one, so that all of them are compared there. */
function placed(url, headers, names) {
  const [first] = namesInPath(url);
  const query = namesInQuery(url);
  for (const name of names) {
    if ([first, headers.get(header), ...query].includes(name)) continue;
    // A header cannot hold every name, and loses white space around it.
    if (headers.has(header) || !/^[!-~]+$/.test(name)) query.push(name);
    else headers.set(header, name);
  }
  const prefix = first === undefined ? "" : `/o/${encodeURIComponent(first)}`;
  return `${prefix}/v1/resolve?explain=true${query.map((name) => `&org=${encodeURIComponent(name)}`).join("")}`;
}

/** Throws for permissions that the installation does not declare: `/v1/resolve` does not tell them from what is not held. */
async function undeclared(ask, headers, { organization }, permissions) {
  headers.set("content-type", "application/json");
  // With a session's cookie; it is this server that asks.
  headers.set("sec-fetch-site", "same-origin");
  headers.delete(header);
  const question = { method: "POST", body: JSON.stringify({ permissions }) };
  const { code, title, detail } = await ask(`/v1/organizations/${organization.id}/check`, question).catch((refusal) => refusal.json());
  if (code === "unknown_permission") throw mistaken(code, title, detail, "permissions");
}

/** What is said in another form is no answer. */
function understood(answer) {
  try {
    return standing(answer);
  } catch (error) {
    throw error instanceof Response ? error : silent("the installation's answer cannot be understood");
  }
}

/** What a pass would say, as far as the installation has said it; the same is refused as when Guildhall passes a request on by itself. */
function standing({ outcome, organization, membership, explanation = [], roles = [], permissions = [], version, source, platformAdmin = false }) {
  if (outcome === "ambiguous") throw refused(409, "organization_ambiguous", "the request names different organizations");
  if (!organization) {
    const nobody = explanation.some(({ verdict }) => verdict === "not_signed_in");
    throw nobody ? refused(401, "unauthenticated", "sign in first") : refused(409, "organization_required", "the request is about no organization", "name one");
  }
  if (membership && membership.state !== "active") throw refused(403, "membership_suspended", "the membership is suspended");
  if (organization.state !== "active") throw refused(409, "organization_inactive", "the organization is not active");
  const held = new Set(permissions);
  const can = (permission, team) => {
    if (team !== undefined) throw unreadable("only a pass speaks of teams: ask the installation", "team");
    return held.has(permission);
  };
  return Object.freeze({
    organization, roles, version, source, platformAdmin,
    userId: membership?.userId,
    isMember: Boolean(membership),
    isOwner: roles.includes("owner"),
    isAdmin: roles.includes("owner") || roles.includes("admin"),
    can, canOrThrow: can, expired: false,
    // Copied, for `every` passes over holes.
    canAll: (all, team) => [...all].every((permission) => can(permission, team)),
    canAny: (all, team) => [...all].some((permission) => can(permission, team)),
    permissions: () => [...held],
  });
}
