// Resolution in the packed package: every combination of two places, of what they name and of who asks.
//
// Owns: a model on paper, written from what the types promise. Never does: look at `src`; the world is
// the one of `tests/native/resolution`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

const world = JSON.parse(readFileSync(at("tests", "resolution", "world.json"), "utf8"));
const { kinds, callers, sources } = world;
const places = ["path", "header", "query", "label", "domain", "pass"];

/** A request cannot have two hosts. */
const together = (one, other) => one !== other && !(one === "label" && other === "domain");

function* explicitly() {
  yield [];
  for (const [index, place] of places.entries()) {
    for (const kind of sources[place]) {
      yield [[place, kind]];
      for (const later of places.slice(index + 1).filter((other) => together(place, other))) {
        for (const another of sources[later]) yield [[place, kind], [later, another]];
      }
    }
  }
}

function* combinations() {
  for (const named of explicitly()) {
    for (const remembered of [null, ...sources.remembered]) {
      for (const caller of Object.keys(callers)) {
        for (const offered of [false, true]) yield { named: Object.fromEntries(named), remembered, caller, offered };
      }
    }
  }
}

/** How the package is asked. */
function request({ named, remembered, caller, offered }) {
  const host = named.label ? `${kinds[named.label].slug}.bands.example` : kinds[named.domain]?.domain ?? "bands.example";
  const path = named.path ? `/o/${kinds[named.path].slug}` : "";
  const query = named.query ? `?org=${kinds[named.query].id ?? kinds[named.query].slug}` : "";
  return {
    url: `https://${host}${path}/songs${query}`,
    headers: named.header ? { "Guildhall-Organization": kinds[named.header].slug } : {},
    caller: callers[caller] ? "kurt" : null,
    memberships: (callers[caller] ?? []).map((name) => world.memberships[name]),
    config: { ...world.config, ...(offered && world.offers) },
    domains: world.domains,
    pass: named.pass ? { organization: kinds[named.pass].id } : null,
    remembered: kinds[remembered]?.id ?? null,
  };
}

const meant = (kind) => ({ former: "mine", missing: null, broken: null })[kind] ?? (kind in world.memberships || kind === "foreign" ? kind : null);

/** Outcome, organization and source, on paper. */
function onPaper({ named, remembered, caller, offered }) {
  const anonymous = callers[caller] === null;
  const mine = callers[caller] ?? [];
  const known = (name) => mine.includes(name) || (anonymous && offered && name === "foreign");
  const hints = places.filter((place) => named[place] && !(place === "domain" && named[place] === "missing"));
  if (hints.length > 0) {
    const names = hints.map((place) => meant(named[place]));
    if (!names.every(known)) return ["unknown", null, null];
    if (new Set(names).size > 1) return ["ambiguous", null, null];
    const [first] = hints;
    const outcome = { former: "redirect", powerless: "suspended" }[named[first]] ?? "resolved";
    return [outcome, names[0], { label: "host", domain: "host" }[first] ?? first];
  }
  const active = mine.filter((name) => name !== "suspended" && name !== "powerless");
  if (active.includes(remembered)) return ["resolved", remembered, "remembered"];
  if (active.length === 1) return ["resolved", active[0], "only"];
  if (active.length > 1) return ["choose", null, null];
  if (anonymous && offered) return ["resolved", "foreign", "fallback"];
  return ["none", !anonymous && offered && mine.length === 0 ? "foreign" : null, null];
}

const kindOf = (id) => Object.keys(kinds).find((kind) => kinds[kind].id === id);

function told({ outcome, organization, autoJoin, source }) {
  const found = organization ?? autoJoin?.organization;
  return [outcome, found ? kindOf(found.id) : null, source ?? null];
}

/** Exactly one place wins where something is found, and none elsewhere. */
function winners({ outcome, explanation }) {
  const decides = outcome === "suspended" ? ["suspended"] : ["won", "moved"];
  // What stands behind every named place (the choice made before, the only organization) decides nothing here.
  const named = ["path", "header", "query", "host", "pass"];
  return explanation.filter(({ verdict, source }) => decides.includes(verdict) && (outcome !== "suspended" || named.includes(source))).length;
}

test("every combination resolves as on paper and explains itself", async (t) => {
  const { resolveOrganization } = await (await installed(t)).import("node.js");
  let count = 0;
  for (const asked of combinations()) {
    const answer = resolveOrganization({ ...request(asked), explain: true });
    assert.deepEqual(told(answer), onPaper(asked), JSON.stringify(asked));
    assert.equal(winners(answer), answer.organization ? 1 : 0, JSON.stringify({ asked, answer }));
    count += 1;
  }
  assert.ok(count > 20_000, `${count}`);
});

test("a pass tells its organization by a getter too", async (t) => {
  const { resolveOrganization } = await (await installed(t)).import("node.js");
  class Pass {
    get organization() { return kinds.mine.id; }
  }
  const asked = { named: {}, remembered: null, caller: "many", offered: false };
  const answer = resolveOrganization({ ...request(asked), pass: new Pass() });
  assert.deepEqual(told(answer), ["resolved", "mine", "pass"]);
});

test("a pass that was believed is taken as it is", async (t) => {
  const project = await installed(t);
  const { resolveOrganization, verifyPass } = await project.import("node.js");
  const { fetch } = new (await project.import("directory/node.js")).Directory();
  const { createClient } = await project.import("client/client.js");
  const { token } = await createClient({ fetch }).dev.signIn({ userId: "kurt" });
  const client = createClient({ fetch, token });
  for (const name of ["Nirvana", "Scream"]) await client.organizations.create({ name });
  const pass = await verifyPass((await client.organization("scream").pass()).token, { jwks: await client.installation.keys() });
  const { principal: caller, memberships } = await client.me.get();
  const { outcome, source, organization } = resolveOrganization({ url: "/songs", caller, memberships, pass });
  assert.deepEqual([outcome, source, organization.slug], ["resolved", "pass", "scream"]);
});
