// The results as documents: the parts between marks in `docs/benchmarks.md`, and its chart.
//
// Owns: these. Never does: touch what a person wrote around the marks, or what was not measured this time.

import { readFileSync, writeFileSync } from "node:fs";
import { at } from "../../scripts/steps/places.mjs";
import { chart } from "./chart.mjs";
import { machine, show, showStarts } from "./report.mjs";

const page = at("docs", "benchmarks.md");
const marks = {
  checks: ["<!-- measured -->", "<!-- end of what is measured -->"],
  starts: ["<!-- measured starts -->", "<!-- end of measured starts -->"],
};

function replace([first, last], parts) {
  const day = new Date().toLocaleDateString("en", { month: "long", year: "numeric", timeZone: "UTC" });
  const [before, rest] = readFileSync(page, "utf8").split(first);
  const part = [first, `${day}. ${machine()}`, ...parts, last].join("\n\n");
  writeFileSync(page, `${before}${part}${rest.split(last)[1]}`);
}

export function write({ checks, starts }) {
  if (checks.length > 0) {
    replace(marks.checks, checks.map((result) => `### ${show(result)}`));
    writeFileSync(at("docs", "benchmarks.svg"), chart(checks));
  }
  if (starts.length > 0) replace(marks.starts, [showStarts(starts)]);
}
