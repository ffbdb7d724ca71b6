// For whom an answer is.
//
// Owns: what caches are told of it. Never does: forbid them anything: that is the application's to say.

import { actAs, asker } from "./names.js";

const vary = [...asker, ...actAs].join(", ");

/** The answer with that, beside what it says already. */
export function varied(response) {
  const said = response.headers.get("vary") ?? "";
  // Of a switch of protocols, and of one that is broken off, there is no copy.
  if (said.includes("*") || said.includes(vary) || response.status < 200) return response;
  // A copy, for what was fetched cannot be changed.
  const answer = new Response(response.body, response);
  answer.headers.append("vary", vary);
  return answer;
}
