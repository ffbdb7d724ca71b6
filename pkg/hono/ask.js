// Asking the installation whose request this is: `GET /v1/resolve`.
//
// Owns: what of the request goes along, how long is waited, and what the answer means.
// Never does: decide, remember an answer, or let somebody through when there is none.

import { within } from "../ending.js";
import { refused } from "./denial.js";
import { header, namesInPath, namesInQuery } from "./names.js";

/** Where a service binding is asked; a name that stands for no organization. */
const anywhere = "http://localhost";

/** Milliseconds that an installation is given. */
const patience = 5000;

/** What says who is asking, and about which organization. */
const along = ["authorization", "cookie", "cf-access-jwt-assertion", header, "guildhall-pass", "x-request-id"];

/** The standing of whoever asks, or the refusal. */
export async function asked(request, { worker, chosen, forward = [], timeout = patience }) {
  const all = headers(request, forward);
  const path = placed(request.url, all, chosen);
  const ask = (path, read, init) => exchange(worker, path, read, { ...init, headers: all }, [request.signal, AbortSignal.timeout(timeout)]);
  return { ...(await ask(path, meaning)), undeclared: (...about) => undeclared(ask, all, ...about) };
}

/** What `read` makes of the installation's answer, or the refusal. */
async function exchange(worker, path, read, init, signals) {
  const isBinding = typeof worker?.fetch === "function";
  const url = (isBinding ? anywhere : String(worker).replace(/\/+$/, "")) + path;
  try {
    return await within(signals, async (signal) => {
      const question = new Request(url, { ...init, signal });
      const response = await (isBinding ? worker.fetch(question) : fetch(question));
      const answer = await response.json();
      return response.ok ? read(answer) : { refusal: refusal(response, answer) };
    });
  } catch (error) {
    return { refusal: refused("unavailable", "the service cannot answer now", error?.message ?? String(error)) };
  }
}

/** Puts every name where Guildhall reads one, so that all of them are compared there. */
function placed(url, headers, chosen) {
  const [first, ...more] = namesInPath(url);
  const names = namesInQuery(url);
  for (const name of new Set([...more, ...chosen])) {
    if ([first, headers.get(header), ...names].includes(name)) continue;
    // A header cannot hold every name, and loses white space around it.
    if (headers.has(header) || !/^[\x21-\x7e]+$/.test(name)) names.push(name);
    else headers.set(header, name);
  }
  const query = new URLSearchParams([["explain", "true"], ...names.map((name) => ["org", name])]);
  return `${first === undefined ? "" : `/o/${encodeURIComponent(first)}`}/v1/resolve?${query}`;
}

/** The refusal of those permissions that nobody declared: `/v1/resolve` does not tell them from what is not held. */
async function undeclared(ask, headers, { organization }, permissions) {
  headers.set("content-type", "application/json");
  // With a session's cookie; it is this server that asks.
  headers.set("sec-fetch-site", "same-origin");
  headers.delete(header);
  const init = { method: "POST", body: JSON.stringify({ permissions }) };
  const { refusal } = await ask(`/v1/organizations/${organization.id}/check`, Object, init);
  return refusal?.code === "unknown_permission" && refusal;
}

function headers(request, forward) {
  const all = new Headers({ accept: "application/json" });
  for (const name of [...along, ...forward]) {
    const value = request.headers.get(name);
    if (value !== null) all.set(name, value);
  }
  return all;
}

/** Only what is one of the installation's refusals is passed on as such. */
function refusal({ status, headers }, answer) {
  if (status >= 500 || typeof answer?.code !== "string") throw new Error(`the installation answered ${status}`);
  return { ...answer, message: answer.detail, status, retryAfter: headers.get("retry-after") ?? undefined };
}

/** The same conditions as those under which Guildhall passes a request on by itself. */
function meaning(answer) {
  const { outcome, organization, membership, explanation = [] } = answer;
  if (outcome === "ambiguous") return { refusal: refused("organization_ambiguous", "the request names different organizations") };
  if (!organization) {
    const nobody = explanation.some(({ verdict }) => verdict === "not_signed_in");
    return { refusal: nobody ? refused("unauthenticated", "sign in first") : refused("organization_required", "the request is about no organization", "name one") };
  }
  if (membership && membership.state !== "active") return { refusal: refused("membership_suspended", "the membership is suspended") };
  if (organization.state !== "active") return { refusal: refused("organization_inactive", "the organization is not active") };
  return { standing: standing(answer) };
}

/** What a pass would say, as far as the installation has said it. */
function standing({ organization, membership, roles = [], permissions = [], version, source, platformAdmin = false }) {
  const held = new Set(permissions);
  const can = (permission) => held.has(permission);
  return Object.freeze({
    organization, roles, version, source, platformAdmin,
    userId: membership?.userId,
    isMember: Boolean(membership),
    isOwner: roles.includes("owner"),
    isAdmin: roles.includes("owner") || roles.includes("admin"),
    can,
    canAll: (all) => all.every(can),
    canAny: (all) => all.some(can),
    permissions: () => [...held],
  });
}
