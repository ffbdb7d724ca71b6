// `npm run bench:check`: what a check costs, side by side with its peers, in three runtimes.
//
// Owns: the order of things, and the one way to fail: a wrong answer. Never does: judge a time.

import { readyPeers } from "./peers.mjs";
import { machine, show } from "./report.mjs";
import { makeWorld } from "./world.mjs";
import { write } from "./write.mjs";
import { stopOnSignals } from "../../scripts/steps/processes.mjs";
import { command, Failure, step } from "../../scripts/steps/report.mjs";
import { installed } from "../../tests/npm/support/installed.mjs";
import { onChromium } from "./runtimes/chromium.mjs";
import { onNode } from "./runtimes/node.mjs";
import { onWorkerd } from "./runtimes/workerd.mjs";

const runtimes = { "--node": ["Node", onNode], "--chromium": ["Chromium", onChromium], "--workerd": ["workerd", onWorkerd] };

function chosen(words) {
  const unknown = words.find((word) => !(word in runtimes) && word !== "--write");
  if (unknown) throw new Failure(`there is no \`${unknown}\``, `npm run bench:check -- ${Object.keys(runtimes).join(" ")} --write`);
  const named = Object.keys(runtimes).filter((name) => words.includes(name));
  return (named.length > 0 ? named : Object.keys(runtimes)).map((name) => runtimes[name]);
}

async function measure(project, Directory, [name, run]) {
  // A pass lives for five minutes: each runtime gets its own.
  const result = await step(`measuring on ${name}`, async () => run({ ...project, world: await makeWorld(Directory) }));
  if (result.wrong.length > 0) throw new Failure(`${result.wrong.length} wrong answers on ${result.runtime}`, "mend the contestant named above", result.wrong.slice(0, 20).join("\n"));
  console.log(`\n${show(result)}\n`);
  return result;
}

stopOnSignals();
await command(async () => {
  const words = process.argv.slice(2);
  const wanted = chosen(words);
  await readyPeers();
  const project = await installed({ after: (end) => process.once("exit", end) });
  const { Directory } = await project.import("directory/node.js");
  const results = [];
  for (const each of wanted) results.push(await measure(project, Directory, each));
  console.log(machine());
  if (words.includes("--write")) write(results);
});
