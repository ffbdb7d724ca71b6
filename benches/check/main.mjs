// `npm run bench:check`: what a check costs, and the first one, side by side with its peers, in three runtimes.
//
// Owns: the order of things, and the one way to fail: a wrong answer. Never does: judge a time.

import { readyPeers } from "../peers.mjs";
import { machine, show, showStarts } from "./report.mjs";
import { makeWorld } from "./world.mjs";
import { write } from "./write.mjs";
import { stopOnSignals } from "../../scripts/steps/processes.mjs";
import { command, Failure, step } from "../../scripts/steps/report.mjs";
import { installed } from "../../tests/npm/support/installed.mjs";
import { onChromium } from "./runtimes/chromium.mjs";
import { onNode } from "./runtimes/node.mjs";
import { onWorkerd } from "./runtimes/workerd.mjs";
import { chromium } from "./startup/chromium.mjs";
import { node } from "./startup/node.mjs";
import { starts } from "./startup/race.mjs";
import { workerd } from "./startup/workerd.mjs";

const runtimes = {
  "--node": { name: "Node", run: onNode, startup: node },
  "--chromium": { name: "Chromium", run: onChromium, startup: chromium },
  "--workerd": { name: "workerd", run: onWorkerd, startup: workerd },
};
const others = ["--checks", "--starts", "--write"];

function chosen(words) {
  const unknown = words.find((word) => !(word in runtimes) && !others.includes(word));
  if (unknown) throw new Failure(`there is no \`${unknown}\``, `npm run bench:check -- ${[...Object.keys(runtimes), ...others].join(" ")}`);
  const named = Object.keys(runtimes).filter((name) => words.includes(name));
  return (named.length > 0 ? named : Object.keys(runtimes)).map((name) => runtimes[name]);
}

/** Everything, unless one of the two is asked for. */
const wants = (words, kind) => words.includes(kind) || !words.some((word) => word === "--checks" || word === "--starts");

/** A pass lives for five minutes: each runtime gets its own. */
const withWorld = async (project) => ({ ...project, world: await makeWorld(project.Directory) });

function right(result) {
  if (result.wrong.length > 0) throw new Failure(`${result.wrong.length} wrong answers on ${result.runtime}`, "mend the contestant named above", result.wrong.slice(0, 20).join("\n"));
  return result;
}

async function measureChecks(project, { name, run }) {
  const result = right(await step(`measuring on ${name}`, async () => run(await withWorld(project))));
  console.log(`\n${show(result)}\n`);
  return result;
}

const measureStarts = async (project, { name, startup }) => right(await step(`starting on ${name}`, async () => starts(await withWorld(project), startup)));

async function each(list, work) {
  const results = [];
  for (const one of list) results.push(await work(one));
  return results;
}

stopOnSignals();
await command(async () => {
  const words = process.argv.slice(2);
  const wanted = chosen(words);
  await readyPeers("check");
  const installation = await installed({ after: (end) => process.once("exit", end) });
  const project = { ...installation, Directory: (await installation.import("directory/node.js")).Directory };
  const results = {
    checks: await each(wants(words, "--checks") ? wanted : [], (one) => measureChecks(project, one)),
    starts: await each(wants(words, "--starts") ? wanted : [], (one) => measureStarts(project, one)),
  };
  if (results.starts.length > 0) console.log(`\n${showStarts(results.starts)}\n`);
  console.log(machine());
  if (words.includes("--write")) write(results);
});
