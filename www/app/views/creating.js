// Creating an organization, with its slug suggested and checked while the name is typed.
//
// Owns: the form and its hint. Never does: reserve a slug; two people may read `free` at once, and
// the server gives it to one.

import { onSubmit } from "../acting.js";
import { parseSlug, suggestSlug } from "../core.js";
import * as api from "../endpoints.js";
import { byId } from "../elements.js";
import { openOrganization, refresh } from "../loading.js";
import { say, sentence } from "../telling.js";

const PAUSE_MS = 350;
let pausing;
let asked = 0;

/** Sets the view up. */
export function creating() {
  const form = byId("create-form");
  form.addEventListener("input", () => suggest(form));
  form.addEventListener("reset", forget);
  onSubmit(form, async (fields) => {
    const created = await api.createOrganization(fields);
    form.reset();
    byId("create").open = false;
    await refresh();
    await openOrganization(created.id);
    say(`${created.name} is founded; you own it.`);
    byId("organization-name").focus();
  });
}

/** What was typed is gone, and so is what was asked about it. */
function forget() {
  clearTimeout(pausing);
  asked += 1;
  hint("");
}

/** What the rules here say comes at once; what the server knows comes after a pause in typing. */
function suggest(form) {
  clearTimeout(pausing);
  const ticket = ++asked;
  const wanted = wantedSlug(form);
  if (!wanted) return hint("");
  if (wanted.denial) return hint(sentence(wanted.denial.detail), "bad");
  hint(`The slug will be ${wanted.value}`);
  pausing = setTimeout(() => checkFree(wanted.value, ticket), PAUSE_MS);
}

/** The slug that was typed, else the one that the name asks for. */
function wantedSlug(form) {
  const slug = form.elements.slug.value.trim();
  const name = form.elements.name.value.trim();
  if (slug) return parseSlug(slug) ?? { value: slug };
  return name ? suggestSlug(name) : null;
}

async function checkFree(slug, ticket) {
  const answer = await api.readSlug(slug).catch(() => null);
  if (ticket !== asked || !answer) return;
  if (answer.available) return hint(`${slug} is free`, "good");
  hint(answer.suggestion ? `${slug} is taken; ${answer.suggestion} is free` : `${slug} is taken`, "bad");
}

function hint(text, kind = "") {
  const output = byId("slug-hint");
  output.textContent = text;
  output.className = `hint ${kind}`.trim();
}
