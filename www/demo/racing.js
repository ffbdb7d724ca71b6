// The race on the page: its button, its bar, its table.
//
// Owns: when the next few checks are due, so that the page stays alive. Never does: measure.

import { byId, el } from "../app/elements.js";
import { problemBox } from "../app/telling.js";
import { checks, contestants, race } from "./timing.js";

const start = "Time a million checks";
let cancelled = false;
let running = false;

// Rule: one button starts and cancels. A second one that came and went would take the focus with it.
/** Sets the button up; `held` gives what is believed now. */
export function racing(held) {
  byId("race").addEventListener("click", () => {
    if (running) cancelled = true;
    else run(held).catch((failure) => byId("raced").replaceChildren(problemBox(failure)));
  });
}

async function run(held) {
  running = true;
  cancelled = false;
  byId("race").textContent = "Cancel";
  byId("raced").replaceChildren();
  try {
    show(await driven(race(contestants(held()))));
  } finally {
    running = false;
    byId("race").textContent = start;
    byId("pace").textContent = "";
  }
}

async function driven(steps) {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    progress(step.value);
    await nextFrame();
    if (cancelled) return undefined;
  }
}

function progress(part) {
  byId("progress").value = part * 100;
  byId("pace").textContent = `${Math.round(part * 100)} %`;
}

/** The page draws and listens in between; a tab that is out of sight draws nothing and goes on all the same. */
const nextFrame = () =>
  new Promise((done) => {
    const patience = setTimeout(done, 100);
    requestAnimationFrame(() => { clearTimeout(patience); setTimeout(done); });
  });

function show(results) {
  if (results === undefined) {
    progress(0);
    byId("raced").textContent = "Cancelled.";
    return;
  }
  byId("results").replaceChildren(resultTable(results));
  byId("raced").textContent = told(results);
}

const ns = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ns`;

function told(results) {
  const wrong = results.filter(({ agrees }) => !agrees);
  const times = results.map((one) => `${one.name} ${ns(one.ns)}`).join(", ");
  return wrong.length === 0 ? `Done, and all agree. A check takes: ${times}.` : `Done, but ${wrong[0].name} disagrees with the Map.`;
}

function resultTable(results) {
  const slowest = Math.max(...results.map((one) => one.ns));
  const names = ["Way", "A check", "Beside the Map", "Allowed"];
  return el("table", { class: "results" },
    el("caption", { class: "fine" }, `${checks.toLocaleString()} checks each, in turns, of which the slowest fifth is left out`),
    el("thead", {}, el("tr", {}, names.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, results.map((one) => resultRow(one, slowest))));
}

const resultRow = ({ name, ns: time, ratio, allowed }, slowest) =>
  el("tr", {},
    el("th", { scope: "row" }, el("code", {}, name)),
    el("td", {}, ns(time), el("meter", { min: 0, max: slowest, value: time, "aria-hidden": "true" })),
    el("td", {}, ratio === undefined ? "–" : `${ratio.toFixed(2)} ×`),
    el("td", {}, `${Math.round((allowed / checks) * 100)} %`));
