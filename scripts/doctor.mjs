// `npm run doctor`: what would go wrong in production, each by a stable name, with what to do.
//
// Owns: the command line, the order of the questions, how the answers look, and the exit code: 1 for an error.
// Never does: judge a setting (the Worker's own rule does, from the built package), change anything, or need an
// account: what cannot be asked is named as unchecked.

import { existsSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { askDatabase } from "./steps/doctor/database.mjs";
import { judge } from "./steps/doctor/findings.mjs";
import { localSecrets, migrationFiles, readConfig, remoteSecrets } from "./steps/doctor/known.mjs";
import { settingsRule } from "./steps/doctor/settings.mjs";
import { at } from "./steps/places.mjs";
import { command, Failure } from "./steps/report.mjs";

const usage = "npm run doctor -- [--local | --remote] [--secrets FILE] [--config wrangler.toml] [--json]";
const rule = at("pkg", "wasm", "directory", "guildhall_directory.js");

function commandLine() {
  const flag = { type: "boolean", default: false };
  const options = { local: flag, remote: flag, "before-deploy": flag, json: flag, secrets: { type: "string" }, config: { type: "string", default: at("wrangler.toml") }, state: { type: "string" } };
  try {
    const { values } = parseArgs({ options });
    if (values.local && values.remote) throw new Error("--local and --remote exclude each other");
    return { ...values, mode: values.remote ? "remote" : "local", beforeDeploy: values["before-deploy"] };
  } catch (error) {
    throw new Failure(error.message, usage);
  }
}

/** The rule of the Worker about its settings, in the package that `npm run build` makes. */
async function builtRule() {
  if (!existsSync(rule)) throw new Failure("the package is not built: the doctor asks the Worker's own rule about settings", "npm run build");
  return settingsRule();
}

const marks = { error: "✗", warning: "!", unchecked: "?" };

function show(findings, mode) {
  const count = (level) => findings.filter((finding) => finding.level === level).length;
  for (const { level, name, where, what, cure } of findings) console.log(`  ${marks[level]} ${level} ${name} (${where}): ${what}\n      To mend it: ${cure}`);
  const [errors, warnings, unchecked] = [count("error"), count("warning"), count("unchecked")];
  const said = findings.length === 0 ? "nothing would go wrong" : `${errors} errors, ${warnings} warnings, ${unchecked} unchecked`;
  console.log(`\n  ${mode === "remote" ? "The deployment" : "This folder, as if it were deployed"}: ${said}.\n`);
}

await command(async () => {
  const { mode, beforeDeploy, json, config: file, secrets: given, state } = commandLine();
  const check = await builtRule();
  const config = await readConfig(file);
  const secrets = mode === "remote" ? await remoteSecrets(file, given) : localSecrets(file, given);
  const ask = (questions) => askDatabase(questions, { mode, file, state });
  const findings = await judge({ mode, beforeDeploy, file: basename(file), config, secrets, check, ask, migrations: migrationFiles(config, file) });
  if (json) console.log(JSON.stringify({ mode, findings }, null, 2));
  else show(findings, mode);
  if (findings.some(({ level }) => level === "error")) process.exitCode = 1;
});
