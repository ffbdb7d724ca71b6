// The demo of passes: from getting one to every decision it gives.
//
// Owns: what is held, and what happens when. Never does: judge a token, or know who answers requests.

import { byId, el } from "../app/elements.js";
import { clearProblem, problemBox, showProblem } from "../app/telling.js";
import { onAnnounced } from "../app/visit.js";
import { organizationsOf, server, tokensFor } from "./asking.js";
import { attempts, believe, claimsOf } from "./believing.js";
import { racing } from "./racing.js";
import { believedView, letThrough, refusalView, tokenView } from "./showing.js";
import { decisions, decisionTable, wanted } from "./table.js";

const shownRefusals = 4;
const form = byId("get-form");
const filter = byId("filter");
let world;
let held;

const kind = () => document.querySelector("input[name=kind]:checked").value;
const source = () => (form.elements.source.value === "world" ? world : server);
const options = (select, pairs) => select.replaceChildren(...pairs.map(([value, label]) => el("option", { value }, label)));

/** Fills in whose organizations there are to choose from. */
async function chooseWho() {
  clearProblem(form);
  byId("get-who").hidden = source() !== world;
  byId("get-hint").hidden = source() === world;
  form.querySelector("button").disabled = true;
  options(form.elements.organization, []);
  const from = source();
  const list = await organizationsOf(from, form.elements.who.value);
  if (from !== source()) return;
  form.querySelector("button").disabled = list.length === 0;
  options(form.elements.organization, list.map(({ slug, name }) => [slug, name]));
}

async function get() {
  clearProblem(form);
  const { who, organization } = form.elements;
  const from = source();
  const tokens = await tokensFor(from, who.value, organization.value);
  const given = { jwks: tokens.jwks };
  const pass = await believe("pass", tokens.pass, given);
  const passport = await believe("passport", tokens.passport, given);
  held = { from, tokens, given, pass: pass.statement, passport: passport.statement, permissions: permissionsOf(tokens.pass) };
  byId("refusals").replaceChildren();
  look({ pass, passport }[kind()]);
}

/** What can be asked: what is built in, and what the token says that the application declares. */
const permissionsOf = (token) => [...world.builtIn, ...claimsOf(token).app];

/** Shows the pass or the passport. */
function look(believed) {
  const token = held.tokens[kind()];
  byId("token").replaceChildren(...tokenView(token));
  byId("claims").textContent = JSON.stringify(claimsOf(token), null, 2);
  byId("believed").replaceChildren(...(believed ? believedView(kind(), believed, !navigator.onLine) : []));
  byId("attempts").replaceChildren(...attempts.filter((one) => !one.kind || one.kind === kind()).map(attemptButton));
  options(filter.elements.place, places());
  decide();
}

async function verify() {
  const believed = await believe(kind(), held.tokens[kind()], held.given);
  held[kind()] = believed.statement;
  look(believed);
}

const attemptButton = ({ label, make }) =>
  el("button", { type: "button", class: "secondary", on: { click: () => attempt(make) } }, label);

async function attempt(make) {
  const tried = make({ token: held.tokens[kind()], options: held.given, version: held.pass.version });
  byId("token").replaceChildren(...tokenView(tried.token, tried.place));
  byId("token").querySelector("mark")?.scrollIntoView({ block: "nearest" });
  const outcome = await believe(kind(), tried.token, tried.options).then(() => letThrough(tried.told), (refusal) => refusalView(tried.told, refusal));
  const list = byId("refusals");
  list.prepend(outcome);
  while (list.children.length > shownRefusals) list.lastChild.remove();
}

/** Where the question can be asked: teams of a pass, organizations of a passport. */
function places() {
  if (kind() === "passport") return held.passport.organizations.map(({ slug }) => [slug, slug]);
  return [["", `all of ${held.pass.organization.slug}`], ...held.pass.teams.map((team) => [team, `team ${world.teams.get(team) ?? team}`])];
}

const explain = (place) => (permission) =>
  kind() === "pass" ? held.pass.explain(permission, place || undefined) : held.passport.explain(place, permission);

function decide() {
  if (!held) return;
  const { place, text, only } = filter.elements;
  try {
    const all = decisions(held.permissions, explain(place.value));
    const rows = wanted(all, { text: text.value, only: only.value });
    byId("counted").textContent = `${rows.length} of ${all.length} permissions, ${rows.filter(({ allowed }) => allowed).length} of them allowed`;
    byId("decisions").replaceChildren(decisionTable(rows));
  } catch (refusal) {
    byId("counted").textContent = "";
    byId("decisions").replaceChildren(problemBox(refusal));
  }
}

function network() {
  const badge = byId("network");
  badge.textContent = `network: ${navigator.onLine ? "on" : "off"}`;
  badge.classList.toggle("warn", !navigator.onLine);
}

/** Rule: what the server signed for a person goes when another one, or none, is signed in there. */
async function startAgain() {
  if (held?.from !== server && source() !== server) return;
  form.elements.source.value = "world";
  await chooseWho();
  await get();
}

const failing = (place) => (failure) => place.replaceChildren(problemBox(failure));

function listen() {
  form.addEventListener("submit", (event) => { event.preventDefault(); get().catch((failure) => showProblem(form, failure)); });
  form.addEventListener("change", ({ target }) => target.name !== "organization" && chooseWho().catch((failure) => showProblem(form, failure)));
  byId("verify").addEventListener("click", () => verify().catch(failing(byId("believed"))));
  byId("kinds").addEventListener("change", () => verify().catch(failing(byId("believed"))));
  filter.addEventListener("input", decide);
  racing(() => held);
  onAnnounced(() => startAgain().catch((failure) => showProblem(form, failure)));
}

for (const event of ["online", "offline"]) addEventListener(event, network);
network();
try {
  world = await makeWorldHere();
  listen();
  options(form.elements.who, Object.entries(world.people));
  await chooseWho();
  await get();
} catch (failure) {
  failing(byId("believed"))(failure);
}

/** Loaded late, so that a page whose package is missing can say so. */
async function makeWorldHere() {
  const { makeWorld } = await import("./world.js");
  return makeWorld();
}
