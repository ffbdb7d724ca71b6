// Asking the installation whose request this is: `GET /v1/resolve`.
//
// Owns: what of the request goes along, and what the answer means.
// Never does: decide, remember an answer, or let somebody through when there is none.

import { refused } from "./denial.js";

/** Where a service binding is asked; a name that stands for no organization. */
const anywhere = "http://localhost";

/** What says who is asking, and about which organization. */
const along = ["authorization", "cookie", "cf-access-jwt-assertion", "guildhall-organization", "guildhall-pass", "x-request-id"];

const unavailable = (detail) => refused("unavailable", "the service cannot answer now", detail);

/** The standing of whoever asks, or the refusal. */
export async function asked(request, { worker, named, forward = [] }) {
  const all = headers(request, forward);
  const names = place(all, named, new URL(request.url).searchParams.getAll("org"));
  const question = new Request(address(request, worker, names), { headers: all });
  try {
    const response = await (typeof worker?.fetch === "function" ? worker.fetch(question) : fetch(question));
    const answer = await response.json();
    return response.ok ? meaning(answer) : { refusal: refusal(response, answer) };
  } catch (error) {
    return { refusal: unavailable(error?.message ?? String(error)) };
  }
}

/** Puts what the application names where the request names nothing, so that all of it is compared there. */
function place(headers, named, names) {
  if (named === undefined || named === null) return names;
  if (headers.has("guildhall-organization")) return [...names, named];
  headers.set("guildhall-organization", named);
  return names;
}

/** Under the same prefix and with the same parameter. */
function address(request, worker, names) {
  const [prefix = ""] = /^\/o\/[^/]+/.exec(new URL(request.url).pathname) ?? [];
  const query = new URLSearchParams([["explain", "true"], ...names.map((name) => ["org", name])]);
  const base = typeof worker?.fetch === "function" ? anywhere : String(worker).replace(/\/+$/, "");
  return `${base}${prefix}/v1/resolve?${query}`;
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
  if (status >= 500 || typeof answer?.code !== "string") return unavailable(`the installation answered ${status}`);
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
