// Middleware for Hono, and the same around a plain `fetch` handler.
//
// Owns: where in a request's life who is asking is found out, and where it is asked about.
// Never does: let anything through that it could not find out, or import Hono.

import { admit, stripped } from "./admit.js";
import { demanded, denial } from "./denial.js";
import { namesInRoute } from "./names.js";
import { varied } from "./vary.js";

const why = "guildhallFound";

const chosen = (options, env) => (typeof options === "function" ? options(env) : options);

/** Finds out who is asking, as whom and where; refuses nobody: `requireMember` and `requirePermission` do. */
export function guildhall(options) {
  return async (context, next) => {
    // It may stand there twice: what the first takes away, the second has to know.
    const { req } = context;
    const found = await admit(req.raw, chosen(options, context.env), namesInRoute(req), context.get(why)?.ours);
    req.raw = stripped(req.raw);
    context.set("guildhall", found.standing);
    context.set(why, found);
    await next();
    // Looked at, Hono's answer would be there: a handler that has forgotten it is for Hono to tell.
    if (!context.finalized) return;
    const { res } = context;
    // Hono would put the headers of the former over those of the new one.
    context.res = undefined;
    context.res = varied(res);
  };
}

/** Lets members through, and platform admins. */
export const requireMember = () => required([]);

/** Lets those members through who may do all of this. */
export const requirePermission = (...permissions) => required(demanded(permissions.length > 0 && permissions));

function required(permissions) {
  return async (context, next) => {
    const found = context.get(why);
    if (!found) throw new Error("`guildhall()` must come before what it is asked about");
    return (await denial(found, permissions, namesInRoute(context.req))) ?? next();
  };
}

/** Around a handler of requests: what is refused never reaches it. */
export function withGuildhall(handler, options) {
  if (typeof options !== "function") demanded(options?.permissions ?? []);
  return async (request, env, context) => {
    const { anybody, permissions = [], ...rest } = chosen(options, env);
    const found = await admit(request, demanded(permissions) && rest);
    const denied = anybody ? undefined : await denial(found, permissions);
    return varied(denied ?? (await handler(stripped(request), env, context, found.standing)));
  };
}
