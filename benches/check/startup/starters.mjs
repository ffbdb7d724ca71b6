// What is imported and asked once: a module for each contestant, `first(world)` being its first answer.
//
// Owns: the list, and the source of each module. Never does: import anybody: what is imported is measured.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../../scripts/steps/places.mjs";

const contestant = (file) => JSON.stringify(at("benches", "check", "contestants", `${file}.mjs`));

/** Of what a contestant makes, the first is asked once. */
const asks = "const ask = (made, { question }) => [made].flat()[0].pass.run(question) === 1;";

const ours = (entry) => () => `
  import * as api from "${entry}";
  export async function first({ pass, jwks, permission }) {
    await api.ready;
    return (await api.verifyPass(pass, { jwks })).can(permission);
  }`;

const peer = (file, name) => () => `
  import { ${name} } from ${contestant(file)};
  ${asks}
  export const first = async (world) => ask(await ${name}(world), world);`;

/** Cedar has an entry for each runtime, two of which want to be told where their WebAssembly is. */
const inCedar = (...path) => JSON.stringify(at("benches", "check", "node_modules", "@cedar-policy", "cedar-wasm", ...path));
const web = `import * as api from ${inCedar("web", "cedar_wasm.js")};`;
const cedars = {
  node: `import * as api from ${inCedar("nodejs", "cedar_wasm.js")}; const ready = () => {};`,
  browser: `${web} const ready = () => api.default({ module_or_path: "/cedar_wasm_bg.wasm" });`,
  workerd: `${web} import module from ${inCedar("web", "cedar_wasm_bg.wasm")}; const ready = () => api.initSync({ module });`,
};
const cedar = (runtime) => `
  ${cedars[runtime]}
  import { cedar } from ${contestant("cedar")};
  ${asks}
  export async function first(world) {
    await ready();
    return ask(cedar(world, api), world);
  }`;

/** The first does nothing: what it takes is the runtime's, and taken off everybody's. */
const starters = {
  nothing: () => "export const first = async ({ answer }) => answer;",
  "guildhall/pass": ours("guildhall/pass"),
  guildhall: ours("guildhall"),
  "better-auth, authorize": peer("better-auth", "betterAuth"),
  CASL: peer("casl", "casl"),
  casbin: peer("casbin", "casbin"),
  Cedar: cedar,
};

/** Writes the modules next to the installed package, for one runtime; answers their names and files. */
export const writeStarters = ({ folder }, runtime, only = Object.keys(starters)) =>
  only.map((name, place) => {
    const file = join(folder, `start-${runtime}-${place}.mjs`);
    writeFileSync(file, starters[name](runtime));
    return { name, file };
  });
