// The npm package in this page: Guildhall's own rules as WebAssembly.
//
// Owns: loading it, and one shape for its answers. Never does: hold a rule of its own; when the
// package does not load, the page works on and the server alone decides.

import { update } from "./state.js";

let core = null;

/** Loads the package; the page need not wait for it. */
export async function loadCore() {
  try {
    const loaded = await import("/pkg/browser.js");
    await Promise.all([loaded.ready, loaded.planning()]);
    core = loaded;
    update({ coreFailure: null });
  } catch (failure) {
    update({ coreFailure: failure });
  }
}

/** Whether rules can be asked here. */
export const coreIsHere = () => core !== null;

/** Asks the package: `{ value }`, or `{ denial }` when it refuses, or `null` when it is not here. */
export function ask(question) {
  if (!core) return null;
  try {
    return { value: question(core) };
  } catch (denial) {
    if (typeof denial?.code !== "string") throw denial;
    return { denial: { code: denial.code, detail: denial.message } };
  }
}

export const suggestSlug = (name) => ask((rules) => rules.suggestSlug(name));
export const parseSlug = (text) => ask((rules) => rules.parseSlug(text));
export const parseEmail = (text) => ask((rules) => rules.parseEmail(text));
export const resolveOrganization = (request) => ask((rules) => rules.resolveOrganization(request));
export const decide = (facts, command, now) => ask((rules) => rules.decide(facts, command, now));
