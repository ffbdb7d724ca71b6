// Questions to D1, through wrangler: the local state or the deployed database.
//
// Owns: how a list of statements becomes a list of results. Never does: write; each statement is a SELECT.

import { state as usualState } from "../places.mjs";
import { wrangler } from "../wrangler.mjs";
import { reason } from "./known.mjs";

/** The rows of each statement, or `{ unknown }` with the reason why none could be read. */
export async function askDatabase(statements, { mode, file, state = usualState }) {
  const where = mode === "remote" ? ["--remote"] : ["--local", "--persist-to", state];
  const { code, out, err } = await wrangler(["d1", "execute", "DB", ...where, "--config", file, "--json", "--command", statements.join("; ")]);
  try {
    const results = JSON.parse(out);
    if (code === 0 && Array.isArray(results)) return results.map(({ results }) => results);
    return { unknown: reason(results?.error?.text ?? err) };
  } catch {
    return { unknown: reason(err || out) };
  }
}
