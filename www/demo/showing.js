// How tokens, what they say, and refusals look.
//
// Owns: their elements. Never does: verify.

import { badge, counted, el, prose } from "../app/elements.js";
import { sentence } from "../app/telling.js";

const kinds = ["head", "claims", "signature"];

/** The three parts of a token in three colours; the character at `place` is marked. */
export function tokenView(token, place = -1) {
  let start = 0;
  return token.split(".").flatMap((part, index) => {
    const at = place - start;
    start += part.length + 1;
    const text = at >= 0 && at < part.length ? [part.slice(0, at), el("mark", {}, part[at]), part.slice(at + 1)] : [part];
    return [index > 0 && ".", el("span", { class: kinds[index] }, text)].filter(Boolean);
  });
}

const clock = (date) => date.toLocaleTimeString();

const pair = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));

const rolesOf = ({ roles }) => el("span", { class: "badges" }, roles.map((role) => badge(role, role)));

const passFacts = (pass) => [
  pair("Organization", pass.organization.slug),
  pair("Roles", rolesOf(pass)),
  pair("Version, epoch", `${pass.version}, ${pass.epoch}`),
];

const passportFacts = ({ organizations }) => [pair("Organizations", organizations.map(({ slug }) => slug).join(", "))];

/** What a believed token states. */
export function believedView(kind, { statement, requests }, offline) {
  const facts = kind === "pass" ? passFacts(statement) : passportFacts(statement);
  const how = offline ? ", without a network." : `, with ${counted(requests, "request")}.`;
  return [
    el("p", { class: "yes" }, el("strong", {}, `The ${kind} is believed`), how),
    el("dl", { class: "facts" }, pair("User", statement.userId), facts, pair("True until", clock(statement.expiresAt))),
  ];
}

/** A refusal: what was tried, the code, the sentence. */
export const refusalView = (told, { code, title, message }) =>
  el("li", {}, el("p", {}, prose(told)), el("p", { class: "no" }, el("code", {}, code), ` ${sentence(title ?? message)}`),
    message && message !== title ? el("p", { class: "fine" }, prose(sentence(message))) : null);

/** Something that should have been refused. */
export const letThrough = (told) => el("li", {}, el("p", {}, prose(told)), el("p", { class: "problem" }, "It was believed, and should not have been."));
