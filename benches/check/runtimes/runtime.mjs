// What each runtime does with a world: be right, then be timed.
//
// Owns: how long the rounds are. Never does: know the runtime: its clock and contestants are handed in.

import { times, wrongAnswers } from "../arena.mjs";

/** With a clock that moves by itself: many short rounds, between which other work of the machine falls. */
export const finely = { size: 12_000, rounds: 81, enough: 2, warm: 60, region: 0 };

/** With one that moves a millisecond at a time, and only while waiting. */
export const coarsely = { size: 12_000, rounds: 15, enough: 5, warm: 60, region: 20 };

export async function compete(contestants, { ids }, how) {
  const wrong = wrongAnswers(contestants, ids);
  return { wrong, rows: wrong.length > 0 ? [] : await times(contestants, { ids, ...how }) };
}
