// The results as documents: the part between two marks in `docs/benchmarks.md`, and its chart.
//
// Owns: these two. Never does: touch what a person wrote around the marks.

import { readFileSync, writeFileSync } from "node:fs";
import { at } from "../../scripts/steps/places.mjs";
import { chart } from "./chart.mjs";
import { machine, show } from "./report.mjs";

const page = at("docs", "benchmarks.md");
const marks = ["<!-- measured -->", "<!-- end of what is measured -->"];

export function write(results) {
  const day = new Date().toLocaleDateString("en", { month: "long", year: "numeric", timeZone: "UTC" });
  const part = [marks[0], `${day}. ${machine()}`, ...results.map((result) => `### ${show(result)}`), marks[1]].join("\n\n");
  const [before, rest] = readFileSync(page, "utf8").split(marks[0]);
  writeFileSync(page, `${before}${part}${rest.split(marks[1])[1]}`);
  writeFileSync(at("docs", "benchmarks.svg"), chart(results));
}
