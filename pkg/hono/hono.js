// Middleware for Hono, and the same around a plain `fetch` handler.
//
// Owns: where in a request's life who is asking is found out, and where it is asked about.
// Never does: let anything through that it could not find out, or import Hono.

import { admit, stripped } from "./admit.js";
import { denial } from "./denial.js";

const name = "guildhall";
const why = "guildhallRefusal";

const chosen = (options, env) => (typeof options === "function" ? options(env) : options);

/** Finds out who is asking, as whom and where; refuses nobody: `requireMember` and `requirePermission` do. */
export function guildhall(options) {
  return async (context, next) => {
    const { standing, refusal } = await admit(context.req.raw, chosen(options, context.env));
    context.req.raw = stripped(context.req.raw);
    context.set(name, standing);
    context.set(why, refusal);
    await next();
  };
}

/** Lets members through, and platform admins. */
export const requireMember = () => requirePermission();

/** Lets those members through who may do all of this. */
export function requirePermission(...permissions) {
  return async (context, next) => {
    const found = { standing: context.get(name), refusal: context.get(why) };
    if (!found.standing && !found.refusal) throw new Error("`guildhall()` must come before what it is asked about");
    return denial(found, permissions) ?? next();
  };
}

/** Around a handler of requests: what is refused never reaches it. */
export function withGuildhall(handler, options) {
  return async (request, env, context) => {
    const { anybody = false, permissions = [], ...rest } = chosen(options, env);
    const found = await admit(request, rest);
    const denied = anybody ? undefined : denial(found, permissions);
    return denied ?? handler(stripped(request), env, context, found.standing);
  };
}
