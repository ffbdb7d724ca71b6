// The typed client of the HTTP API: one generic call, named by a table.
//
// Owns: how a client is put together. Never does: decide anything (`would` asks whoever it is given),
// load WebAssembly, or know an operation by name.

import { unreadable } from "../errors.js";
import { value } from "./answer.js";
import { everywhere, within } from "./operations.js";
import { settled } from "./options.js";
import { lines, list } from "./pages.js";
import { prepare, read } from "./request.js";
import { sender } from "./send.js";

export { GuildhallError } from "../errors.js";
export { permissionsOf } from "../permissions.js";

const kinds = { LIST: list, LINES: lines };
const single = async (ask, input) => value((await ask(input)).text);

export function createClient(options = {}) {
  const settings = settled(options);
  const send = sender(settings);
  return {
    ...named(everywhere, send, []),
    organization: (id = settings.organization) => ({ ...named(within, send, [id]), would: would(settings, id) }),
  };
}

function named(table, send, given) {
  const one = ([name, entry]) => [name, typeof entry === "string" ? method(entry, send, given) : named(entry, send, given)];
  return Object.fromEntries(Object.entries(table).map(one));
}

/** Called with the names in its path, then what there is to say, then options. */
function method(line, send, given) {
  const operation = read(line);
  const own = operation.names.length - given.length;
  return (...words) => {
    const ids = [...given, ...words.slice(0, own)];
    const [input, options = {}] = operation.takesInput ? words.slice(own) : [undefined, words[own]];
    const ask = async (said) => send(prepare(operation, ids, said, options), options);
    return (kinds[operation.verb] ?? single)(ask, input);
  };
}

/** What an action would come to, decided here on facts at hand: a guess as good as the facts. */
function would({ planner }, organization) {
  return (action, facts, now = Date.now()) => {
    if (!planner) throw unreadable("`createClient` was given no `planner`", "planner");
    return planner.decide(facts, { actor: planner.actor, target: { organization }, action }, now, planner.permissions);
  };
}
