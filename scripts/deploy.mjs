// `npm run deploy`: builds, asks the doctor, migrates the deployed database, deploys.
//
// Owns: the order of the steps, that the first failure ends it, and that all of them speak of one environment.
// Never does: take words for one step, which the others would not hear: `--env` would deploy what nothing has checked.

import { spawnSync } from "node:child_process";
import { root } from "./steps/places.mjs";
import { command, Failure } from "./steps/report.mjs";

const steps = [
  ["node", "scripts/build.mjs"],
  ["node", "scripts/doctor.mjs", "--remote", "--before-deploy"],
  ["wrangler", "d1", "migrations", "apply", "DB", "--remote"],
  ["wrangler", "deploy"],
];

await command(async () => {
  const words = process.argv.slice(2);
  if (words.length > 0) throw new Failure(`\`npm run deploy\` takes no words, and ${words.map((word) => `\`${word}\``).join(" ")} would reach one step of ${steps.length}`, "npm run deploy, for the settings at the top level of wrangler.toml; for another environment a wrangler.toml of its own");
  if (process.env.CLOUDFLARE_ENV) throw new Failure("`CLOUDFLARE_ENV` is set: wrangler would deploy that environment, and the doctor looks at the top level of wrangler.toml", "unset CLOUDFLARE_ENV, then npm run deploy");
  for (const [program, ...args] of steps) {
    const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
    if (status !== 0) throw new Failure(`\`${[program, ...args].join(" ")}\` ${error ? `could not start: ${error.message}` : "failed"}; nothing after it was done`, "mend what it says above, then npm run deploy");
  }
});
