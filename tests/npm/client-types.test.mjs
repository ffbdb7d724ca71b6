// The client's methods and types beside the description that the API gives of itself.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { installed } from "./support/installed.mjs";
import { alternatives, answers, inputs, operations, shape } from "./support/schemas.mjs";
import { typesOf } from "./support/types.mjs";
import { methods } from "./support/watched.mjs";

const paging = ["cursor?", "limit?"];
/** The description says of these that they are any object. */
const open = ["installation.description", "imports.django"];

describe("the client and the API's description", () => {
  let description;
  let described;
  let types;
  let named;
  before(async () => {
    const project = await installed({ after: (end) => process.on("exit", end) });
    const { Directory } = await project.import("directory/node.js");
    description = await (await new Directory().fetch("/openapi.json")).json();
    described = operations(description);
    types = typesOf(project.target);
    const { read } = await project.import("client/request.js");
    const { everywhere, within } = await project.import("client/operations.js");
    named = [...methods(everywhere, ""), ...methods(within, "organization.")].map(([name, line]) => ({ name, ...read(line) }));
  });

  const operation = ({ method, path }) => described.get(`${method} ${path}`);

  test("have the same operations", () => {
    const lines = named.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(lines.toSorted(), [...described.keys()].sort());
  });

  test("take the same parameters", () => {
    for (const one of named) {
      const { parameters } = types.signature(one.name);
      const own = operation(one).parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
      const options = types.fields(parameters.at(-1)[1]).map(({ name }) => name);
      for (const name of one.parameters) assert.ok(own.includes(name) && options.includes(name), `${one.name}: ${name}`);
      const input = parameters.find(([name]) => ["input", "query"].includes(name));
      assert.equal(Boolean(input), one.takesInput, one.name);
      if (!open.includes(one.name)) compareInput(one, input?.[1]);
    }
  });

  function compareInput(one, type) {
    const known = inputs(description, one.method, operation(one));
    const given = type ? types.fields(type).map(({ name, optional }) => (optional ? `${name}?` : name)) : [];
    const taken = [...known, ...(one.parameters.includes("moveTo") ? ["moveTo?"] : [])];
    const missing = taken.filter((name) => !given.includes(name) && !one.parameters.includes(name.replace("?", "")));
    assert.deepEqual(missing, [], `${one.name} does not take`);
    assert.deepEqual(given.filter((name) => !known.includes(name) && !(one.verb === "LIST" && paging.includes(name))), [], `${one.name} takes what nobody reads`);
  }

  test("answer the same fields", () => {
    for (const one of named) {
      if (open.includes(one.name)) continue;
      const { answer } = types.signature(one.name);
      const typed = (answer.isUnion() ? answer.types : [answer]).map((type) => fields(type)).filter(Boolean);
      const said = answers(description, operation(one)).map((schema) => fieldsOf(schema));
      assert.deepEqual(unique(typed), unique(said), one.name);
    }
  });

  /** Two levels: the fields, and those of the objects in them. */
  function fields(type, depth = 0) {
    const all = types.object(type) && types.fields(type);
    return all && all.map(({ name, type, optional }) => `${name}${optional ? "?" : ""}${depth < 2 ? inner(types.objects(type).map((one) => fields(one, depth + 1))) : ""}`).sort().join(" ");
  }

  function fieldsOf(schema, depth = 0) {
    const below = (name) => alternatives(description, rows(schema.properties[name])).filter(({ properties }) => properties).map((one) => fieldsOf(one, depth + 1));
    return shape(schema).map((name) => `${name}${depth < 2 ? inner(below(name.replace("?", ""))) : ""}`).sort().join(" ");
  }

  const rows = (schema) => schema.items ?? schema;
  const inner = (all) => (all.filter(Boolean).length > 0 ? `{${unique(all.filter(Boolean)).join(" | ")}}` : "");
  const unique = (all) => [...new Set(all)].sort();
});
