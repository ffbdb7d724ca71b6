// Types of `guildhall/client` beside the schemas of `/openapi.json`.
//
// Owns: where the two differ in their fields. Never does: look at a value; see types.mjs for that.

/** Every operation of a description, by method and path. */
export const operations = ({ paths }) =>
  new Map(Object.entries(paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation])));

/** The schemas of what an operation answers when it is done, without trials. */
export function answers(description, { responses }) {
  const done = Object.entries(responses).filter(([status]) => status.startsWith("2")).map(([, response]) => content(response));
  return done.filter(Boolean).flatMap((schema) => alternatives(description, schema)).filter((schema) => !schema.properties?.wouldSucceed);
}

function content({ content }) {
  const [media] = Object.values(content ?? {});
  return media?.["x-line"] ?? media?.schema;
}

/** A schema's alternatives; a page stands for its rows. */
export function alternatives(description, schema) {
  const resolved = deref(description, schema);
  if (resolved.anyOf) return resolved.anyOf.flatMap((one) => alternatives(description, one));
  const { data, nextCursor } = resolved.properties ?? {};
  return data && nextCursor ? alternatives(description, data.items) : [resolved];
}

function deref(description, schema) {
  const name = schema.$ref?.split("/").at(-1);
  return name ? deref(description, { ...description.components.schemas[name], ...schema, $ref: undefined }) : schema;
}

/** The fields that a body or a query has: name and whether it may be absent. */
export function inputs(description, method, operation) {
  const own = (operation.parameters ?? []).filter((parameter) => parameter.in === "query" && !parameter.$ref);
  if (method === "GET") return own.map(({ name, required }) => (required ? name : `${name}?`)).sort();
  const body = operation.requestBody?.content["application/json"].schema;
  return shape(deref(description, body ?? {}));
}

/** Fields as text: `roles`, `title?`. */
export const shape = ({ properties = {}, required = [] }) => Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`)).sort();
