// Debian's package manager, for what can be had from it when other ways are closed.
//
// Owns: whether apt may be used here without asking anybody, and installing packages with it.
// Never does: remove or upgrade a package, or ask for a password.

import { ask, run } from "./processes.mjs";
import { Failure } from "./report.mjs";

let listsAreFresh;
let queue = Promise.resolve();

/** Whether this is a system of Debian's kind. */
export const hasApt = () => process.platform === "linux" && ask("apt-get", ["--version"]) !== undefined;

/** The words that `apt-get` must be led by here; `undefined` where it would ask for a password or is missing. */
function privilege() {
  if (!hasApt()) return undefined;
  if (process.getuid() === 0) return [];
  return ask("sudo", ["-n", "true"]) === undefined ? undefined : ["sudo", "-n"];
}

/** Whether packages can be installed without a person's help. */
export const canInstall = () => privilege() !== undefined;

/** The command that a person would type to install `packages`. */
export const installCommand = (packages) => `sudo apt-get update && sudo apt-get install --no-install-recommends ${packages.join(" ")}`;

/** Runs a command with the rights that `apt-get` would have. */
export async function runPrivileged(words, options) {
  const [program, ...args] = [...(privilege() ?? []), ...words];
  await run(program, args, options);
}

async function aptGet(words, log) {
  const options = { log, cure: "look at what apt-get says above", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  await runPrivileged(["apt-get", "-o", "DPkg::Lock::Timeout=300", "-y", "-q", ...words], options);
}

/** Installs packages, one call after another; fails with the command to type where it may not. */
export function installPackages(packages, reason) {
  const work = async () => {
    if (!canInstall()) throw new Failure(`${reason} is missing`, hasApt() ? installCommand(packages) : `install ${packages.join(", ")} with your system's package manager`);
    listsAreFresh ??= aptGet(["update"], "apt-update");
    await listsAreFresh;
    await aptGet(["install", "--no-install-recommends", ...packages], `apt-${packages[0]}`);
  };
  const turn = queue.then(work);
  queue = turn.catch(() => {});
  return turn;
}
