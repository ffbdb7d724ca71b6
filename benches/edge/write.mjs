// The results as documents: the parts between marks in `docs/benchmarks.md`, and the picture.
//
// Owns: these. Never does: touch what a person wrote around the marks, or what was not measured this time.

import { readFileSync, writeFileSync } from "node:fs";
import { at } from "../../scripts/steps/places.mjs";
import { chart } from "./chart.mjs";
import { sections } from "./report.mjs";

const page = at("docs", "benchmarks.md");
const marks = (part) => [`<!-- measured edge ${part} -->`, `<!-- end of measured edge ${part} -->`];

/** The page with another text between two marks. */
export function replace(text, part, middle) {
  const [first, last] = marks(part);
  const [before, rest] = text.split(first);
  if (rest === undefined || !rest.includes(last)) throw new Error(`docs/benchmarks.md has no \`${first}\` … \`${last}\``);
  return `${before}${[first, middle, last].join("\n\n")}${rest.split(last)[1]}`;
}

export function write(results) {
  const day = new Date().toLocaleDateString("en", { month: "long", year: "numeric", timeZone: "UTC" });
  let text = readFileSync(page, "utf8");
  for (const [part, tables] of Object.entries(sections(results))) {
    text = replace(text, part, [`${day}. ${results.machine}`, ...tables.map(([title, lines]) => `#### ${title}\n\n${lines}`)].join("\n\n"));
  }
  writeFileSync(page, text);
  if (results.rows) writeFileSync(at("docs", "benchmarks-edge.svg"), chart(results.rows));
}
