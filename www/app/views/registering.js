// The registration that a mail's link confirms: the person who is signed in takes the registered organization over.
//
// Owns: its form. Never does: register.

import { onSubmit } from "../acting.js";
import { Problem } from "../api.js";
import * as api from "../endpoints.js";
import { byId, el } from "../elements.js";
import { openOrganization, refresh } from "../loading.js";
import { state, update, watch } from "../state.js";
import { say } from "../telling.js";

/** Sets the view up; `ended` waits for the answer and forgets a link that is used up. */
export function registering(ended) {
  onSubmit(byId("registration-form"), ({ slug }) => confirm(slug, ended));
  watch(show);
}

/** What the link leads to. */
export const registrationLines = () =>
  el("p", {}, "An organization was registered with the address that this link was mailed to. Confirmed, it is active, and the person who is signed in owns it.");

function show({ link, me }) {
  const form = byId("registration-form");
  const open = Boolean(me) && link?.kind === "registration" && !link.problem;
  form.hidden = !open;
  form.querySelector("label").hidden = !link?.slugTaken;
  form.querySelector("button").textContent = open ? `Take it over as ${me.principal.name ?? me.principal.userId}` : "Take it over";
}

/** Rule: the slug that was registered may be another organization's by now; then the person chooses another one. */
async function confirm(slug, ended) {
  const answer = api.activateRegistration({ token: state.link.token, ...(slug && { slug }) });
  await ended(answer).catch((failure) => {
    if (failure instanceof Problem && failure.code === "slug_taken") update({ link: { ...state.link, slugTaken: true } });
    throw failure;
  });
  const { id, name } = await answer;
  byId("registration-form").reset();
  await refresh();
  await openOrganization(id);
  say(`You own ${name} now.`);
  byId("organization-name").focus();
}
