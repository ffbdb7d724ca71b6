// `npm run example:oidc`: Guildhall behind an OpenID provider, from two sign-ins to a change of keys.
//
// Owns: that everything is there, and which Node runs it. Never does: any step of the walk: examples/oidc has them.

import { spawn } from "node:child_process";
import { at, nodeBinary } from "./steps/places.mjs";
import { prepare } from "./steps/prepare.mjs";
import { stopOnSignals } from "./steps/processes.mjs";
import { command } from "./steps/report.mjs";

stopOnSignals();
await command(async () => {
  await prepare();
  const walk = spawn(nodeBinary(), ["--no-warnings", at("examples", "oidc", "main.mjs")], { stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => walk.once("exit", (code) => resolve(code ?? 1)));
});
