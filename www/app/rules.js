// Asking the rules in this page what the server would say.
//
// Owns: the answer `{ allowed, code, detail, events }` about the open organization.
// Never does: make a request, or count as permission: the server decides again, every time.

import { decide } from "./core.js";
import { commandOf, factsOf } from "./facts.js";
import { state } from "./state.js";

const UNKNOWN = Object.freeze({ allowed: true, known: false, events: [] });

/** What the rules say when I want `action`. Without the rules here everything is offered. */
export function whenI(action) {
  return whenSomebody(state.me.principal, action);
}

/** What the rules say when `actor` wants `action`. */
export function whenSomebody(actor, action) {
  const { organization } = state;
  if (!organization) return UNKNOWN;
  const answer = decide(factsOf(state), commandOf(organization, actor, action), Date.now());
  if (!answer) return UNKNOWN;
  if (answer.denial) return { allowed: false, known: true, events: [], ...answer.denial };
  return { allowed: true, known: true, events: answer.value.events.map((event) => event.type) };
}

/** A member of the open organization as somebody who could ask. */
export function actorOf(member) {
  const mine = state.me.principal;
  return member.userId === mine.userId ? mine : { userId: member.userId, kind: "user" };
}
