// `npm run bench:edge`: what Guildhall costs on workerd, beside the least that could be written, and its peer.
//
// Owns: what must be there first, and the Node that measures. Never does: judge a figure.

import { readyPeers } from "../peers.mjs";
import { help, plan } from "./options.mjs";
import { at, nodeBinary } from "../../scripts/steps/places.mjs";
import { prepare } from "../../scripts/steps/prepare.mjs";
import { start, stopOnSignals } from "../../scripts/steps/processes.mjs";
import { command } from "../../scripts/steps/report.mjs";

stopOnSignals();
await command(async () => {
  const words = process.argv.slice(2);
  const { help: asked, contenders } = plan(words);
  if (asked) return console.log(help);
  await prepare(["worker"]);
  if (contenders.includes("better-auth")) await readyPeers("edge");
  const child = start(nodeBinary(), ["--disable-warning=ExperimentalWarning", at("benches", "edge", "run.mjs"), ...words], { stdio: "inherit" });
  process.exitCode = await new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
});
