// Tokens of foreign issuers in the directory, whose clock stands: the same ones as on the Worker.

import { checkForeignTokens, instant, settings } from "../harness/foreign-tokens.mjs";
import { installed } from "./support/installed.mjs";

checkForeignTokens("Foreign tokens in the directory", async () => {
  const project = await installed({ after: (end) => process.on("exit", end) });
  const { Directory } = await project.import("directory/node.js");
  const directory = new Directory({ settings: settings(), now: () => instant });
  return { origin: "http://localhost", fetch: directory.fetch, stop: () => directory.close() };
});
