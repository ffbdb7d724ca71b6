// What Cloudflare charges for D1 and KV on the Workers Paid plan, beyond what the plan includes.
//
// Owns: prices, where they stand and when they were read. Never does: count the request itself and its CPU: each
// contender pays 0.30 dollars a million requests, and 0.02 dollars a million milliseconds of CPU.

export const source =
  "Prices beyond what the Workers Paid plan includes, as read on 2026-11-30: D1 0.001 dollars a million rows read and 1.00 a million rows written " +
  "(https://developers.cloudflare.com/d1/platform/pricing/), KV 0.50 dollars a million reads and 5.00 a million writes or deletes " +
  "(https://developers.cloudflare.com/kv/platform/pricing/)";

/** Dollars for each, by how many millions of it. */
const each = { rowsRead: 0.001, rowsWritten: 1, kvReads: 0.5, kvWrites: 5 };

/** Dollars for a million operations that ask for so much. */
export const dollars = (counts) => Object.entries(each).reduce((sum, [name, price]) => sum + counts[name] * price, 0);
