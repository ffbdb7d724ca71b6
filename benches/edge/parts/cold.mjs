// The first answer of a fresh isolate, and the first description of the API.
//
// Owns: the process that loads isolates, and their bundles. Never does: start a process for each: what workerd and V8
// need once would count each time.

import { readFileSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { at } from "../../../scripts/steps/places.mjs";
import { Failure, step } from "../../../scripts/steps/report.mjs";
import { spread } from "../arena.mjs";
import { account } from "../cpu.mjs";
import { ask, encode, load } from "../load.mjs";
import { compatibilityDate, serve } from "../server.mjs";
import { folderFor } from "../state.mjs";

const source = (name) => readFileSync(at("benches", "edge", "workers", name), "utf8");
const module_ = (type, path, contents) => ({ type, path, contents });

/** One bundle as modules of the loader: text and bytes, and the lines that put them together. */
function bundle({ contender, first }, place) {
  const texts = [...(contender.hasDatabase ? [{ path: "/meter.js", contents: source("meter.js") }] : []), ...contender.modules];
  const files = texts.map(({ path, contents, type }, index) => ({ name: path.slice(1), file: `b${place}-${index}`, isWasm: type === "CompiledWasm", contents }));
  const imports = files.map(({ file }) => `import ${file.replace("-", "_")} from "./${file}";`);
  const entries = files.map(({ name, file, isWasm }) => `${JSON.stringify(name)}: { ${isWasm ? "wasm" : "js"}: ${file.replace("-", "_")} }`);
  const env = { ...contender.bindings, ...(first && { KEPT: first }) };
  const rest = { compatibilityDate, compatibilityFlags: contender.flags ?? [], mainModule: files[0].name, env };
  return {
    modules: files.map(({ file, isWasm, contents }) => module_(isWasm ? "Data" : "Text", `/${file}`, contents)),
    lines: [...imports, `bundles.push({ ...${JSON.stringify(rest)}, modules: { ${entries.join(", ")} } });`],
  };
}

function loader(entrants) {
  const bundles = entrants.map(bundle);
  const lines = ["export const bundles = [];", ...bundles.flatMap((each) => each.lines)];
  return [module_("ESModule", "/loader.js", source("loader.js")), module_("ESModule", "/bundles.js", lines.join("\n")), ...bundles.flatMap((each) => each.modules)];
}

async function timed(server, spent, path) {
  spent();
  const { done, all } = await load(server.port("loader"), [[encode({ path })]]);
  await pause(5);
  const [{ status, body }] = done[0].answers;
  if (status !== 200) throw new Failure(`a fresh isolate answered ${path} with ${status}`, "see its answer above", `${body.toString().slice(0, 600)}\n${server.log()}`);
  return { cpu: spent() / 1000, took: all };
}

/** What each fresh isolate is asked, one after the other. */
const questions = (entrant, [[{ path }]]) => [
  { name: "first answer", path },
  { name: "second answer", path },
  ...(entrant.operations.openapi ? [{ name: "first /openapi.json", path: "/openapi.json" }, { name: "second /openapi.json", path: "/openapi.json" }] : []),
];

const figures = (taken) => ({ cpu: spread(taken.map(({ cpu }) => cpu)), took: spread(taken.map(({ took }) => took)) });

async function race(entrants, server, pid, times) {
  const spent = account(pid);
  const taken = new Map();
  const note = (key, value) => taken.set(key, [...(taken.get(key) ?? []), value]);
  for (let number = 0; number <= times; number += 1) {
    for (const place of entrants.keys()) {
      const entrant = entrants[(place + number) % entrants.length];
      for (const { name, path } of questions(entrant, await entrant.operations.healthz(1))) {
        const value = await timed(server, spent, `/${entrants.indexOf(entrant)}/${number}${path}`);
        // The first isolate of all warms the loader.
        if (number > 0) note(JSON.stringify([entrant.name, name]), value);
      }
    }
  }
  return [...taken].map(([key, values]) => ({ name: JSON.parse(key)[0], question: JSON.parse(key)[1], ...figures(values) }));
}

export function measureCold(entrants, { fresh }) {
  return step("first answers of fresh isolates", async () => {
    const folder = folderFor("loader");
    const server = await serve([{ name: "loader", modules: loader(entrants), workerLoaders: { LOADER: {} } }], folder);
    try {
      await ask(server.port("loader"), { path: `/0/warm/healthz` });
      return await race(entrants, server, server.pid, fresh);
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
