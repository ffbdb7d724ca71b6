// Showing what was read: sections, tables and examples as elements.
//
// Owns: what stands where. Text goes in as text, never as markup.
// Never does: read the document itself; `reading.js` does.

import { el, prose } from "../app/elements.js";
import { curl, fields, kind, bounds } from "./reading.js";

/** The list of what there is. */
export const contents = (parts) => el("ul", {}, ...parts.map(({ name, anchor, operations }) =>
  el("li", {}, el("a", { href: `#${anchor}` }, name), el("ul", {}, ...operations.map(entry)))),
el("li", {}, el("a", { href: "#codes" }, "Codes")), el("li", {}, el("a", { href: "#shapes" }, "Shapes")));

const entry = (one) => el("li", { "data-operation": one.id },
  el("a", { href: `#${one.anchor}` }, el("span", { class: `method ${one.method.toLowerCase()}` }, one.method), " ", one.summary));

/** All of it. */
export const reference = (document, parts, shapes, origin) => [
  el("p", {}, ...prose(document.info.description)),
  ...parts.map((part) => partOf(document, part, origin)),
  codes(document["x-problems"]),
  el("section", { "aria-labelledby": "shapes" }, heading("h2", "shapes", "Shapes"), ...shapes.map(shape)),
];

const heading = (tag, anchor, ...children) =>
  el(tag, { id: anchor, tabindex: "-1" }, ...children, " ", el("a", { class: "here", href: `#${anchor}`, "aria-label": "link to this" }, "#"));

const partOf = (document, { name, anchor, description, operations }, origin) =>
  el("section", { "aria-labelledby": anchor }, heading("h2", anchor, name), el("p", {}, ...prose(description)),
    ...operations.map((one) => operation(document, one, origin)));

const operation = (document, one, origin) =>
  el("article", { class: "card operation", "data-operation": one.id, "aria-labelledby": one.anchor },
    heading("h3", one.anchor, one.summary),
    el("p", { class: "line" }, el("span", { class: `method ${one.method.toLowerCase()}` }, one.method), " ", el("code", {}, one.path)),
    one.description && el("p", {}, ...prose(one.description)),
    el("pre", { tabindex: "0", "aria-label": "an example" }, el("code", {}, curl(document, one, origin))),
    one.body && Object.keys(one.body.schema.properties ?? {}).length > 0 && more("Body", true, fieldTable(fields(one.body.schema))),
    one.parameters.length > 0 && more("Parameters and headers", false, parameterTable(one.parameters)),
    more("Answers", true, ...one.answers.map(answer)),
    one.problems.length > 0 && more("Refusals", false, problemTable(one.problems)));

const more = (title, open, ...children) => el("details", { open }, el("summary", {}, title), ...children);

function answer({ status, mediaType, schema, headers }) {
  const of = mediaType === "application/x-ndjson" ? "lines, each " : "";
  const inner = fields(schema);
  return el("div", { class: "answer" },
    el("p", {}, el("strong", {}, status), " ", of, ...(schema ? kinds(kind(schema)) : ["nothing"]),
      headers.length > 0 && el("span", { class: "fine" }, ` with ${headers.join(", ")}`)),
    inner.length > 0 && fieldTable(inner));
}

const kinds = (words) => words.map(({ text, shape: name }) => (name ? el("a", { href: `#schema-${name}` }, text) : text));

const table = (titles, rows) => el("div", { class: "wide", tabindex: "0", role: "group", "aria-label": titles.join(", ") },
  el("table", {}, el("thead", {}, el("tr", {}, ...titles.map((title) => el("th", { scope: "col" }, title)))), el("tbody", {}, ...rows)));

const row = (...cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, ...[cell].flat())));

const said = (about, limits) => [...prose(about), about && limits.length > 0 && "; ", limits.length > 0 && el("span", { class: "fine" }, limits.join(", "))].filter(Boolean);

const fieldTable = (rows) => table(["field", "value", "about"], rows.map((one) =>
  row([el("code", {}, one.path), one.optional && el("span", { class: "fine" }, " optional")].filter(Boolean), kinds(one.kind), said(one.about, one.bounds))));

const parameterTable = (parameters) => table(["name", "in", "value", "about"], parameters.map((one) =>
  row([el("code", {}, one.name)], one.in, kinds(kind(one.schema)), said(one.description ?? one.schema.description ?? "", bounds(one.schema)))));

const problemTable = (rows) => table(["status", "code", "what it says"], rows.map((one) =>
  row(one.status, [el("a", { href: `#code-${one.code}` }, el("code", {}, one.code))], one.title)));

const codes = (problems) => el("section", { "aria-labelledby": "codes" }, heading("h2", "codes", "Codes"),
  el("p", {}, ...prose("Every refusal is a problem document with one of these as its `code`.")),
  table(["status", "code", "what it says"], problems.map((one) =>
    el("tr", { id: `code-${one.code}` }, el("td", {}, String(one.status)), el("td", {}, el("code", {}, one.code)), el("td", {}, one.title)))));

function shape({ name, anchor, schema }) {
  const inner = fields(schema);
  const limits = bounds(schema);
  const plain = inner.length === 0 && el("p", {}, ...kinds(kind(schema)), limits.length > 0 && el("span", { class: "fine" }, ` ${limits.join(", ")}`));
  return el("article", { class: "card shape", "aria-labelledby": anchor }, heading("h3", anchor, name),
    schema.description && el("p", {}, ...prose(schema.description)), plain, inner.length > 0 && fieldTable(inner));
}
