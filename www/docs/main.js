// The reference page: fetches the description, shows it, and finds in it.
//
// Owns: what happens when. Never does: know what an operation is.

import { byId, prose } from "../app/elements.js";
import { isFound, parts, shapes } from "./reading.js";
import { contents, reference } from "./showing.js";

const told = byId("told");

function show(document) {
  const all = parts(document);
  byId("contents").replaceChildren(contents(all));
  byId("reference").replaceChildren(...reference(document, all, shapes(document), location.origin));
  told.textContent = "";
  byId("find").addEventListener("input", ({ target }) => find(all.flatMap(({ operations }) => operations), target.value));
  window.addEventListener("hashchange", goTo);
  goTo();
}

/** Leaves in sight what is looked for. */
function find(operations, text) {
  const found = new Set(operations.filter((one) => isFound(one, text)).map(({ id }) => id));
  for (const element of document.querySelectorAll("[data-operation]")) element.hidden = !found.has(element.dataset.operation);
  told.textContent = text ? `${found.size} of ${operations.length} operations` : "";
}

/** What the address names was not there yet when the browser looked. */
function goTo() {
  const named = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  named.scrollIntoView();
  named.focus({ preventScroll: true });
}

try {
  const response = await fetch("/openapi.json");
  if (!response.ok) throw new Error(`the description cannot be read (${response.status})`);
  show(await response.json());
} catch (error) {
  told.className = "problem";
  told.replaceChildren(...prose(`${error.message}. Load the page again.`));
}
