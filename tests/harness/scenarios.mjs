// The scenario corpus, run over anything that answers requests.
//
// Owns: reading `tests/scenarios`, the meaning of a step, and what counts as the expected answer.
// Never does: know what answers; `tests/native/scenarios.rs` means the same by the same files.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { signPrincipal } from "../../pkg/upstream.js";
import { at } from "../../scripts/steps/places.mjs";

/** The address that the scenarios call. */
export const origin = "http://127.0.0.1:8787";

const folder = at("tests", "scenarios");

function read(file) {
  const { people, scenarios } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  return scenarios.map((scenario) => ({ settings: {}, ...scenario, people, title: `${file.replace(/\.json$/, "")}: ${scenario.title}` }));
}

/** Every scenario: its title, settings, people and steps, and what it `needs` beyond requests. */
export const corpus = () => readdirSync(folder).filter((name) => name.endsWith(".json")).sort().flatMap(read);

/** Scenarios that can share an installation, by their settings. */
export function bySettings(scenarios) {
  const groups = new Map();
  for (const scenario of scenarios) {
    const key = JSON.stringify(scenario.settings);
    groups.set(key, [...(groups.get(key) ?? []), scenario]);
  }
  return [...groups.values()].map((group) => ({ settings: group[0].settings, scenarios: group }));
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const child = (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : null);

/** What a special word asks of a value, if it is one. */
function special(word) {
  if (word === "$any") return (found) => found !== null;
  if (word === "$absent") return (found) => found === null;
  if (typeof word === "string" && word.startsWith("$contains:")) {
    const part = word.slice("$contains:".length);
    return (found) => typeof found === "string" && found.includes(part);
  }
  return undefined;
}

/** What a compact token says: its header and its claims. */
export const said = (token) => String(token).split(".").slice(0, 2).map((part) => parsed(Buffer.from(part, "base64url").toString()));

/**
 * The first difference, or nothing. Objects may have more than is expected; lists are whole; `"$any"`
 * is anything but null and absent; `"$absent"` is null or absent; `"$contains:x"` is a text with x in it;
 * `{"$token": [header, claims]}` is a compact token that says so.
 */
function difference(expected, found, place) {
  const accepts = special(expected);
  const differs = () => `at ${place}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
  if (accepts) return accepts(found) ? undefined : differs();
  if (isObject(expected) && "$token" in expected) return difference(expected.$token, said(found), place);
  if (isObject(expected)) return first(Object.entries(expected), ([name, value]) => difference(value, child(found, name), `${place}.${name}`));
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    return first([...expected.entries()], ([index, item]) => difference(item, found[index], `${place}[${index}]`));
  }
  return expected === found ? undefined : differs();
}

function first(items, look) {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const header = (headers, name) => (name.toLowerCase() === "set-cookie" ? headers.getSetCookie()[0] : headers.get(name)) ?? null;

const inside = (value, name) => (Array.isArray(value) ? value[Number(name)] ?? null : child(value, name));

/** What lies at a JSON pointer; none of ours needs escapes. */
const pointed = (body, pointer) => pointer.split("/").slice(1).reduce(inside, body);

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** One scenario on its way. */
class Run {
  #tokens = new Map();
  #saved = new Map();

  constructor(site, { people, settings }) {
    Object.assign(this, { site, people, settings });
    // The one time that a scenario can speak of: installations' clocks differ.
    this.#saved.set("inAnHour", new Date((site.now?.() ?? Date.now()) + 3_600_000).toISOString());
  }

  async step(step) {
    if (step.advance !== undefined) return this.#advance(step.advance);
    if (step.tick) return this.site.tick();
    const reply = await this.#send(step);
    const found = this.#check(step, reply);
    if (found) throw new Error(`${found}\n  answer: ${reply.status} ${reply.text}`);
    return this.#save(step, reply);
  }

  /** A step without an expectation: answers with it. `expectation(step, reply)` says what of an answer counts. */
  async record(step, expectation) {
    const reply = await this.#send(step);
    this.#save(step, reply);
    return { step: { ...step, expect: JSON.parse(this.#unfilled(JSON.stringify(expectation(step, reply)))) }, reply };
  }

  /** Where the clock cannot be moved, what has been handed out is made older. */
  async #advance(seconds) {
    const older = this.site.aged ?? ((text) => text);
    for (const texts of [this.#tokens, this.#saved]) texts.forEach((text, name) => texts.set(name, older(text, seconds)));
    return this.site.advance(seconds);
  }

  async #send(step) {
    const [, method, path] = /^(\S+) (.+)$/.exec(this.#fill(step.do));
    const text = step.body === undefined || step.body === null ? step.text ?? "" : JSON.stringify(step.body);
    const url = path.startsWith("http") ? path : this.site.origin + path;
    const sent = this.#fill(text);
    const headers = await this.#headers(step);
    if (step.signed) headers["guildhall-principal"] = await this.#signature(step.signed, { method, url, headers, sent });
    const response = await this.site.send(method, url, headers, sent);
    const answer = await response.text();
    return { sent, status: response.status, headers: response.headers, text: answer, body: parsed(answer) };
  }

  /** A header that is expected to be empty is not sent. */
  async #headers(step) {
    const headers = { "content-type": "application/json" };
    if (step.as) headers.authorization = `Bearer ${await this.#token(step.as)}`;
    for (const [name, value] of Object.entries(step.headers ?? {})) headers[name.toLowerCase()] = this.#fill(value);
    return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));
  }

  /** `{"key", "principal"}` signs as an upstream does; with a `nonce`, so that a later step can send it again. */
  async #signature({ key, principal, nonce }, { method, url, headers, sent }) {
    const { authority, now, origin: own } = this.site;
    const address = authority ? url.replace(own, `http://${authority}`) : url;
    const secret = JSON.parse(this.settings.UPSTREAM_KEYS)[key];
    const request = new Request(address, { method, headers, body: sent || undefined });
    const signed = await signPrincipal(request, principal, { id: key, secret, origin: this.settings.PUBLIC_ORIGIN ?? own, now: now?.(), nonce });
    return signed.headers.get("guildhall-principal");
  }

  async #token(name) {
    if (!this.#tokens.has(name)) {
      const headers = { "content-type": "application/json" };
      const response = await this.site.send("POST", `${this.site.origin}/dev/session`, headers, JSON.stringify(this.people[name]));
      if (response.status !== 201) throw new Error(`${name} cannot sign in: ${response.status} ${await response.text()}`);
      this.#tokens.set(name, JSON.parse(await response.text()).token);
    }
    return this.#tokens.get(name);
  }

  /** `${name}` is what an earlier step saved; the scenarios' address is the one of what answers. */
  #fill(text) {
    const here = text.replaceAll(origin, this.site.origin);
    const filled = [...this.#saved].reduce((all, [name, value]) => all.replaceAll(`\${${name}}`, () => value), here);
    if (filled.includes("${")) throw new Error(`something is not saved: ${filled}`);
    return filled;
  }

  /** The other way round: an id of this installation becomes the name that every installation has for it. */
  #unfilled(text) {
    return [...this.#saved].reduce((all, [name, value]) => all.replaceAll(value, () => `\${${name}}`), text);
  }

  #check(step, reply) {
    const expected = JSON.parse(this.#fill(JSON.stringify(step.expect)));
    if (expected.status !== reply.status) return `expected status ${expected.status}`;
    const inHeaders = first(Object.entries(expected.headers ?? {}), ([name, value]) => difference(value, header(reply.headers, name), name));
    if (inHeaders || expected.body === undefined || expected.body === null) return inHeaders;
    return difference(expected.body, reply.body, "body");
  }

  #save(step, reply) {
    for (const [name, pointer] of Object.entries(step.save ?? {})) {
      const isHeader = pointer.startsWith("header:");
      const value = isHeader ? header(reply.headers, pointer.slice("header:".length)) : pointed(reply.body, pointer);
      if (value === null) throw new Error(`nothing at ${pointer} to save as ${name}`);
      this.#saved.set(name, typeof value === "string" ? value : JSON.stringify(value));
    }
  }
}

/**
 * Runs a scenario; throws what is wrong with the first step that fails, and its answer.
 *
 * @param {{people: object, settings?: object, steps: object[]}} scenario
 * @param {{origin: string, authority?: string, now?: () => number, send: (method: string, url: string, headers: Record<string, string>, body: string) => Promise<Response>,
 *   advance: (seconds: number) => unknown, tick: () => unknown}} site
 *   an installation with nothing in it, the public origin that it is set to, and the host at which it hears where that is another one
 */
export async function runScenario(scenario, site) {
  const run = new Run(site, scenario);
  await eachOf(scenario.steps, (step) => run.step(step));
}

/** Runs steps that expect nothing; answers them with what an installation answered, and its answers. */
export async function recordScenario(scenario, site, expectation) {
  const run = new Run(site, scenario);
  const recorded = [];
  await eachOf(scenario.steps, async (step) => { recorded.push(await run.record(step, expectation)); });
  return { steps: recorded.map(({ step }) => step), replies: recorded.map(({ reply }) => reply) };
}

async function eachOf(steps, work) {
  for (const [index, step] of steps.entries()) {
    try {
      await work(step);
    } catch (error) {
      throw new Error(`step ${index + 1}: ${step.as ? `${step.as}: ` : ""}${step.do ?? JSON.stringify(step)}\n  ${error.message}`, { cause: error });
    }
  }
}
