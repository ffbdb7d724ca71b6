// The open offer to take the organization over: its answers for the nominee, its end for the owner.
//
// Owns: that card. Never does: make an offer.

import { actionButton } from "../acting.js";
import * as api from "../endpoints.js";
import { byId, el, instant, replace } from "../elements.js";
import { peopleOf } from "../facts.js";
import { refresh } from "../loading.js";
import { state, watch } from "../state.js";
import { say } from "../telling.js";
import { called } from "./members.js";
import { isOffered } from "./waiting.js";

/** Sets the view up. */
export function ownershipOffer() {
  watch(show);
}

function show({ organization }) {
  const offer = organization?.nomination;
  byId("offer").hidden = !offer;
  byId("offer-heading").textContent = offer ? headingOf(organization) : "Offer of ownership";
  if (!offer) return replace(byId("offer-body"));
  const mine = isOffered(organization);
  const until = el("p", { class: "fine" }, "Open until ", instant(offer.expiresAt));
  replace(byId("offer-body"), until, el("div", { class: "row-actions" }, mine ? answersOf(organization) : [withdrawing(organization)]));
}

function headingOf(organization) {
  if (isOffered(organization)) return `You are asked to take over ${organization.name}`;
  return `${nameOf(organization.nomination.userId)} is asked to take over`;
}

function nameOf(user) {
  const member = peopleOf(state).find(({ userId }) => userId === user);
  return member ? called(member) : user;
}

function answersOf({ id, name }) {
  return [
    actionButton("Take over", { work: () => done(api.acceptOwnership(id), `You own ${name} now.`), key: "accept offer" }),
    actionButton("Decline", { work: () => done(api.declineOwnership(id), `You do not take ${name} over.`), kind: "secondary", key: "decline offer" }),
  ];
}

function withdrawing({ id, name, ownerId }) {
  const rule = ownerId === state.me.principal.userId ? null : { allowed: false, code: "owner_required", detail: "only the owner takes it back" };
  const work = () => done(api.withdrawOffer(id), `The offer to take ${name} over is taken back.`);
  return actionButton("Take back", { work, rule, kind: "secondary", key: "withdraw offer" });
}

async function done(answer, told) {
  await answer;
  await refresh();
  say(told);
  byId("organization-name").focus();
}
