// `npm run build`: everything that is generated, from a fresh clone or from a change;
// `npm run build -- worker` builds one part.
//
// Owns: nothing but the command; the work is in `steps/prepare.mjs`.
// Never does: start a server.

import { prepare } from "./steps/prepare.mjs";
import { stopOnSignals } from "./steps/processes.mjs";
import { command, say } from "./steps/report.mjs";

stopOnSignals();
await command(async () => {
  await prepare(process.argv.slice(2));
  say("built: the Worker in build/, the package's wasm in pkg/wasm/, the console in build/assets/");
});
