// Asking the rules here: may this member do that?
//
// Owns: the question form and its answer. Never does: make a request; the rules run in this page.

import { requestCount } from "../api.js";
import { coreIsHere } from "../core.js";
import { byId, counted, el, prose, replace } from "../elements.js";
import { actions, peopleOf, withRole } from "../facts.js";
import { actorOf, whenSomebody } from "../rules.js";
import { state, watch } from "../state.js";
import { called } from "./members.js";

/** What can be asked; `whom` says that it is about another member. */
const QUESTIONS = {
  remove: { text: "remove", whom: true, action: actions.remove },
  promote: { text: "make admin", whom: true, action: (user) => actions.changeRoles(user, withRole(memberOf(user), "admin")) },
  demote: { text: "make plain member", whom: true, action: (user) => actions.changeRoles(user, withRole(memberOf(user), "member")) },
  transfer: { text: "hand ownership to", whom: true, action: actions.transfer },
  invite: { text: "invite an admin", action: () => actions.invite("kim@example.com", ["admin"]) },
  rename: { text: "rename the organization", action: () => actions.rename("Another name") },
  deactivate: { text: "deactivate the organization", action: actions.deactivate },
  leave: { text: "leave", action: actions.leave },
  delete: { text: "delete the organization", action: actions.delete },
};

const memberOf = (user) => peopleOf(state).find((member) => member.userId === user);

/** Sets the view up. */
export function checking() {
  const form = byId("check-form");
  const options = Object.entries(QUESTIONS).map(([value, { text }]) => el("option", { value }, text));
  form.elements.what.append(...options);
  form.addEventListener("change", answer);
  watch(show);
}

function show({ organization, coreFailure }) {
  byId("check-failure").textContent = coreFailure ? `The rules did not load here (${coreFailure.message}); the server decides alone.` : "";
  byId("check-form").hidden = !coreIsHere();
  if (!organization) return forget();
  const mine = state.me.principal.userId;
  const people = peopleOf(state);
  fill("who", people, mine);
  fill("whom", people, people.find((member) => member.userId !== mine)?.userId);
  answer();
}

/** The next organization's people are others. */
function forget() {
  const { who, what, whom } = byId("check-form").elements;
  what.selectedIndex = 0;
  who.replaceChildren();
  whom.replaceChildren();
  byId("check-answer").replaceChildren();
}

/** Keeps the choice when the list is drawn again; `first` is chosen when there is none. */
function fill(name, people, first) {
  const select = byId("check-form").elements[name];
  const offered = (user) => people.some((member) => member.userId === user);
  const chosen = offered(select.value) ? select.value : first;
  select.replaceChildren(...people.map((member) => el("option", { value: member.userId }, called(member))));
  if (offered(chosen)) select.value = chosen;
}

function answer() {
  const { who, what, whom } = byId("check-form").elements;
  const question = QUESTIONS[what.value];
  const member = state.organization && memberOf(who.value);
  byId("check-whom").hidden = !question.whom;
  if (!member || !coreIsHere() || (question.whom && !whom.value)) return replace(byId("check-answer"));
  const before = { at: performance.now(), requests: requestCount() };
  const rule = whenSomebody(actorOf(member), question.action(whom.value));
  const took = { ms: performance.now() - before.at, requests: requestCount() - before.requests };
  replace(byId("check-answer"), verdict(rule), cost(took));
}

function verdict(rule) {
  const word = el("strong", { class: rule.allowed ? "yes" : "no" }, rule.allowed ? "Allowed" : "Refused");
  if (!rule.allowed) return el("span", {}, word, " ", el("code", {}, rule.code), " ", prose(rule.detail));
  const events = rule.events.map((type) => [el("code", {}, type), " "]);
  return el("span", {}, word, " ", ...(events.length ? ["and this would happen: ", ...events.flat()] : ["and nothing would change."]));
}

function cost({ ms, requests }) {
  const time = ms < 0.1 ? "under 0.1 ms" : `${ms.toFixed(1)} ms`;
  return el("span", { class: "fine" }, `Decided in this page in ${time}; it took ${requests === 0 ? "no request" : counted(requests, "request")}.`);
}
