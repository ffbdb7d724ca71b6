// Signing in and out on a development server.
//
// Owns: the sign-in form and the line that says who is here. Never does: ask for a password or keep
// a session; that is an HttpOnly cookie which this page cannot read.

import { onSubmit, run } from "../acting.js";
import { namedOrganization } from "../address.js";
import * as api from "../endpoints.js";
import { byId, el, replace } from "../elements.js";
import { leave } from "../leaving.js";
import { openFirst, refresh } from "../loading.js";
import { watch } from "../state.js";
import { clearProblems, say } from "../telling.js";
import { announcePerson } from "../visit.js";
import { focusWaiting } from "./waiting.js";

/** The people of the demo data. */
const PEOPLE = [
  { userId: "kurt", name: "Kurt Cobain", email: "kurt@nirvana.com" },
  { userId: "krist", name: "Krist Novoselic", email: "krist@nirvana.com" },
  { userId: "dave", name: "Dave Grohl", email: "dave@foo.com" },
];

/** Sets the view up. */
export function signingIn() {
  const form = byId("sign-in-form");
  onSubmit(form, enter);
  byId("sign-in-people").append(...PEOPLE.map((person) => quickButton(person)));
  byId("sign-out").addEventListener("click", (event) => run(event.currentTarget, signOut));
  watch(show);
}

function quickButton(person) {
  const [first] = person.name.split(" ");
  const button = el("button", { type: "button", class: "secondary", "aria-label": `Sign in as ${first}` }, first);
  button.addEventListener("click", () => run(button, () => enter({ ...person, emailVerified: true })));
  return button;
}

async function enter(person) {
  await api.signIn(person);
  announcePerson();
  const named = namedOrganization();
  await refresh();
  await openFirst();
  byId("sign-in-form").reset();
  clearProblems();
  say(`Signed in as ${person.name ?? person.userId}.`);
  if (!named || !focusWaiting()) byId("who").focus();
}

async function signOut() {
  await api.signOut();
  announcePerson();
  leave();
  say("Signed out.");
  byId("sign-in-heading").focus();
}

function show({ me, asked }) {
  byId("sign-in").hidden = !asked || me !== null;
  byId("workspace").hidden = !me;
  byId("session").hidden = !me;
  replace(byId("who"), ...(me ? whoIs(me.principal) : []));
}

function whoIs({ userId, name, email, emailVerified }) {
  const address = email && el("span", { class: "fine" }, emailVerified ? email : `${email} (not verified)`);
  return [el("strong", {}, name ?? userId), address];
}
