// The reference page: what it reads out of a description, and that it shows all of it.
//
// Owns: the reading, on a small description; `tests/npm/docs.test.mjs` reads the real one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bounds, curl, fields, isFound, kind, parts, sample, shapes } from "../../www/docs/reading.js";

const ref = (name) => ({ $ref: `#/components/schemas/${name}` });
const description = {
  info: { description: "Bands." },
  security: [{ bearer: [] }],
  tags: [{ name: "Bands", description: "Who plays." }],
  "x-problems": [{ code: "slug_taken", status: 409, title: "the slug belongs to another organization" }],
  components: {
    parameters: { "path-org": { name: "org", in: "path", required: true, schema: { type: "string" } } },
    schemas: {
      Slug: { type: "string", maxLength: 63 },
      Band: { type: "object", required: ["slug"], properties: { slug: ref("Slug"), roles: { type: "array", items: ref("Slug") }, seats: { type: ["integer", "null"], minimum: 1 } } },
    },
  },
  paths: {
    "/v1/bands/{org}": {
      delete: { operationId: "end", tags: ["Bands"], summary: "End", parameters: [{ $ref: "#/components/parameters/path-org" }], responses: { 204: {} } },
      post: {
        operationId: "found", tags: ["Bands"], summary: "Found a band", security: [{}, { bearer: [] }],
        requestBody: { required: true, content: { "application/json": { schema: ref("Band") } } },
        responses: {
          201: { headers: { ETag: {} }, content: { "application/json": { schema: ref("Band") } } },
          409: { content: { "application/problem+json": { schema: { properties: { code: { enum: ["slug_taken"] } } } } } },
        },
      },
    },
  },
};

test("operations stand in their part, by path and method, with what can be refused", () => {
  const [bands] = parts(description);
  assert.deepEqual(bands.operations.map(({ id }) => id), ["found", "end"]);
  const [found, end] = bands.operations;
  assert.deepEqual(found.problems, [{ status: "409", code: "slug_taken", title: "the slug belongs to another organization" }]);
  assert.deepEqual(found.answers.map(({ status, headers }) => [status, headers]), [["201", ["ETag"]]]);
  assert.deepEqual([found.signedIn, end.signedIn, end.parameters[0].name], [false, true, "org"]);
});

test("a value's kind is words and references, its bounds are words", () => {
  const { seats, roles } = description.components.schemas.Band.properties;
  assert.equal(kind(seats).map(({ text }) => text).join(""), "whole number or null");
  assert.deepEqual(kind(roles), [{ text: "list of " }, { text: "Slug", shape: "Slug" }]);
  assert.deepEqual(bounds(description.components.schemas.Slug), ["characters, at most 63"]);
  assert.deepEqual(fields(description.components.schemas.Band).map(({ path, optional }) => [path, optional]), [["slug", false], ["roles", true], ["seats", true]]);
});

test("an example sends what must be sent, to a place that could be there", () => {
  const [found, end] = parts(description)[0].operations;
  assert.deepEqual(sample(description, ref("Band")), { slug: "acme" });
  assert.match(curl(description, found, "https://x"), /^curl -X POST "https:\/\/x\/v1\/bands\/acme" \\\n {2}-H "Content-Type: application\/json" \\\n {2}-d '\{"slug":"acme"\}'$/);
  assert.match(curl(description, end, "https://x"), /Authorization: Bearer/);
});

test("operations are found by words of what they are called", () => {
  const [found] = parts(description)[0].operations;
  assert.deepEqual([isFound(found, ""), isFound(found, "post band"), isFound(found, "delete")], [true, true, false]);
  assert.deepEqual(shapes(description).map(({ name }) => name), ["Band", "Slug"]);
});
