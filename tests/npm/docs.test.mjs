// The reference page on the description that the packed package gives: all of it is shown.
//
// Owns: a document as far as the page uses one. Never does: look at how it looks; a browser does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { installed } from "./support/installed.mjs";

/** As much of an element as `el` and a look at the whole ask for. */
class Element {
  attributes = {};
  dataset = {};
  children = [];
  constructor(tag) {
    this.tag = tag;
  }
  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }
  addEventListener() {}
  append(...children) {
    this.children.push(...children);
  }
  all() {
    return [this, ...this.children.flatMap((child) => (child instanceof Element ? child.all() : []))];
  }
  get text() {
    return this.children.map((child) => (child instanceof Element ? child.text : String(child))).join("");
  }
}

test("every operation, shape and code has its place, and every link leads to one", async (t) => {
  const project = await installed(t);
  const { Directory } = await project.import("directory/node.js");
  const answer = await new Directory().fetch("https://x/openapi.json");
  const description = await answer.json();
  globalThis.document = { createElement: (tag) => new Element(tag) };
  const { parts, shapes } = await import("../../www/docs/reading.js");
  const { contents, reference } = await import("../../www/docs/showing.js");
  const all = parts(description);
  const page = new Element("page");
  page.append(contents(all), ...reference(description, all, shapes(description), "https://x"));
  const elements = page.all();
  const places = elements.map(({ attributes }) => attributes.id).filter(Boolean);
  assert.equal(new Set(places).size, places.length, "a place is there twice");
  const links = elements.map(({ attributes }) => attributes.href).filter((href) => href?.startsWith("#"));
  assert.deepEqual(links.filter((href) => !places.includes(href.slice(1))), []);
  const described = Object.values(description.paths).flatMap((item) => Object.values(item));
  assert.deepEqual(described.filter(({ operationId }) => !places.includes(operationId)), []);
  assert.equal(elements.filter(({ tag, text }) => tag === "pre" && text.startsWith("curl ")).length, described.length);
  assert.ok(!page.text.includes("[object Object]") && !page.text.includes("undefined"));
});
