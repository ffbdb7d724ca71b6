// Reading an OpenAPI document: what a person wants to know of each operation and each shape.
//
// Owns: the order, the words for types, the examples. Pure: a document in, plain values out.
// Never does: touch the page.

const METHODS = ["get", "post", "put", "patch", "delete"];

/** What a `$ref` leads to. */
export const follow = (document, thing) =>
  thing?.$ref ? thing.$ref.slice(2).split("/").reduce((at, name) => at?.[name], document) : thing;

const nameOf = (reference) => reference.split("/").at(-1);

/** A place on the page: letters, digits and dashes. */
export const anchor = (text) => text.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");

/** The parts of the API, each with its operations, by path and method. */
export function parts(document) {
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => operation(document, method, path, item[method])));
  return document.tags.map(({ name, description }) => ({
    name, description, anchor: anchor(name), operations: all.filter((one) => one.tag === name).sort(byPath),
  }));
}

const byPath = (one, other) =>
  one.path.localeCompare(other.path) || METHODS.indexOf(one.method.toLowerCase()) - METHODS.indexOf(other.method.toLowerCase());

function operation(document, method, path, said) {
  const parameters = (said.parameters ?? []).map((one) => follow(document, one));
  const body = said.requestBody && { required: said.requestBody.required, schema: contentOf(said.requestBody).schema };
  return {
    id: said.operationId, anchor: said.operationId, method: method.toUpperCase(), path, tag: said.tags[0],
    summary: said.summary, description: said.description ?? "", parameters, body,
    answers: answers(document, said), problems: problems(document, said),
    signedIn: (said.security ?? document.security).every((way) => Object.keys(way).length > 0) && (said.security ?? document.security).length > 0,
  };
}

const contentOf = ({ content }) => {
  const [mediaType, of] = Object.entries(content ?? {})[0] ?? [];
  return { mediaType, schema: of?.["x-line"] ?? of?.schema };
};

const isProblem = ({ content }) => Boolean(content?.["application/problem+json"]);

function answers(document, said) {
  const good = Object.entries(said.responses).filter(([, response]) => !isProblem(response));
  return good.map(([status, response]) => ({ status, headers: Object.keys(response.headers ?? {}), ...contentOf(response) }));
}

/** The codes of an operation, each with its status and what it says. */
function problems(document, said) {
  const titles = new Map(document["x-problems"].map(({ code, title }) => [code, title]));
  return Object.entries(said.responses).filter(([, response]) => isProblem(response)).flatMap(([status, response]) =>
    response.content["application/problem+json"].schema.properties.code.enum.map((code) => ({ status, code, title: titles.get(code) ?? "" })));
}

/** The named shapes, by name. */
export const shapes = (document) =>
  Object.entries(document.components.schemas).map(([name, schema]) => ({ name, anchor: `schema-${name}`, schema }))
    .sort((one, other) => one.name.localeCompare(other.name));

/** What kind of value it is, in words and references: `[{ text }, { text, shape }]`. */
export function kind(schema) {
  if (!schema || Object.keys(schema).length === 0) return [{ text: "anything" }];
  if (schema.$ref) return [{ text: nameOf(schema.$ref), shape: nameOf(schema.$ref) }];
  if (schema.anyOf) return schema.anyOf.flatMap((one, index) => [...(index ? [{ text: " or " }] : []), ...kind(one)]);
  if (schema.const !== undefined) return [{ text: JSON.stringify(schema.const) }];
  if (schema.enum) return [{ text: schema.enum.map((word) => JSON.stringify(word)).join(", ") }];
  const types = [schema.type].flat();
  return types.flatMap((type, index) => [...(index ? [{ text: " or " }] : []), ...simple(type, schema)]);
}

function simple(type, schema) {
  if (type === "array") return [{ text: "list of " }, ...kind(schema.items)];
  if (type === "object" && schema.additionalProperties?.type) return [{ text: "object of " }, ...kind(schema.additionalProperties)];
  if (type === "string") return [{ text: schema.format === "date-time" ? "time" : "text" }];
  return [{ text: { integer: "whole number", boolean: "true or false", null: "null" }[type] ?? type ?? "anything" }];
}

/** The bounds of a value, in words. */
export function bounds(schema) {
  const said = [
    ["minimum", "at least"], ["maximum", "at most"], ["minLength", "characters, at least"], ["maxLength", "characters, at most"],
    ["minItems", "items, at least"], ["maxItems", "items, at most"], ["pattern", "like"], ["default", "usually"],
  ];
  return said.filter(([word]) => schema?.[word] !== undefined).map(([word, text]) => `${text} ${schema[word]}`);
}

/** The fields of an object, in a row: inner objects' come behind theirs, `outer.inner`. */
export function fields(schema, before = "") {
  const needed = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {}).flatMap(([name, inner]) => {
    const path = `${before}${name}`;
    const row = { path, kind: kind(inner), optional: !needed.has(name), about: inner.description ?? "", bounds: bounds(inner) };
    return [row, ...fields(inner, `${path}.`), ...fields(inner.items, `${path}[].`)];
  });
}

/** A value that could be sent. */
export function sample(document, schema, depth = 0) {
  if (!schema || depth > 6) return "…";
  if (schema.$ref) return sampleNamed(document, nameOf(schema.$ref), depth);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [alternative] = schema.oneOf ?? schema.anyOf ?? [];
  if (alternative && !schema.properties) return sample(document, alternative, depth + 1);
  const type = [schema.type].flat()[0];
  if (type === "object") {
    const needed = new Set([...(schema.required ?? []), ...(alternative?.required ?? [])]);
    const shown = Object.entries(schema.properties ?? {}).filter(([name]) => needed.has(name));
    return Object.fromEntries(shown.map(([name, inner]) => [name, sampleField(document, name, inner, depth + 1)]));
  }
  if (type === "array") return [sample(document, schema.items, depth + 1)];
  if (type === "string") return schema.format === "date-time" ? "2030-01-01T00:00:00.000Z" : "…";
  return { integer: schema.minimum ?? 1, boolean: true }[type] ?? null;
}

const FIELDS = {
  permissions: ["member:read"], policy: "request", organization: "acme", invitations: [{ email: "kim@example.com" }], url: "https://hooks.example.com/guildhall",
};
const sampleField = (document, name, schema, depth) => FIELDS[name] ?? sample(document, schema, depth);

const NAMED = {
  Name: "Acme", Slug: "acme", Email: "kim@example.com", UserId: "kim", RoleKey: "billing", DomainName: "example.com", JsonObject: {}, Roles: ["member"],
};
const sampleNamed = (document, name, depth) => NAMED[name] ?? sample(document, document.components.schemas[name], depth + 1);

const PLACES = { org: "acme", user: "kim", slug: "acme", role: "billing", key: "theme", about: "everywhere" };

/** A request as a command line. */
export function curl(document, one, origin) {
  const path = one.path.replaceAll(/\{(\w+)\}/g, (_, name) => PLACES[name] ?? `$${name.toUpperCase()}`);
  const lines = [`curl${one.method === "GET" ? "" : ` -X ${one.method}`} "${origin}${path}"`];
  if (one.signedIn) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  if (one.method === "POST" && one.parameters.some(({ name }) => name === "Idempotency-Key")) lines.push(`-H "Idempotency-Key: $(uuidgen)"`);
  const sends = one.body?.required || (one.method !== "DELETE" && Object.keys(one.body?.schema?.properties ?? {}).length > 0);
  if (sends) {
    lines.push(`-H "Content-Type: application/json"`, `-d '${JSON.stringify(sendable(document, one.body))}'`);
  }
  return lines.join(" \\\n  ");
}

/** Where nothing must be sent, something that can be is shown. */
function sendable(document, { schema, required }) {
  const least = sample(document, schema);
  if (!required || Object.keys(least).length > 0) return least;
  const [name, inner] = Object.entries(schema.properties ?? {})[0] ?? [];
  return name ? { [name]: sampleField(document, name, inner, 1) } : least;
}

/** Whether an operation is looked for: each word stands somewhere in what it is called. */
export function isFound(one, text) {
  const said = `${one.method} ${one.path} ${one.summary} ${one.id}`.toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => said.includes(word));
}
