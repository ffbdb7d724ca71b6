// `npm run example`: the application of examples/hono-app on workerd, with the package of this repository.
//
// Owns: that it finds the package. Never does: start Guildhall itself: the example holds one in memory.

import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { at, build } from "./steps/places.mjs";
import { prepare } from "./steps/prepare.mjs";
import { stopOnSignals } from "./steps/processes.mjs";
import { command, Failure, step } from "./steps/report.mjs";
import { askedPort, checkPort, freePort, isFree, serve, untilReady } from "./steps/wrangler.mjs";

const folder = at("examples", "hono-app");
const [again, usual] = ["npm run example", 8788];

/** The one that is asked for, else the usual one, else any that is free. */
async function choosePort() {
  const asked = askedPort(again, usual);
  if (asked !== undefined) await checkPort(asked, again);
  return asked ?? ((await isFree(usual)) ? usual : freePort());
}

/** As `npm install` would: Hono and wrangler are this repository's own. */
function linkPackage() {
  const link = join(folder, "node_modules", "guildhall");
  mkdirSync(join(link, ".."), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(at("pkg"), link, "dir");
}

const welcome = (origin) => `
  Songs of organizations: ${origin}

  Try first
    sign in     TOKEN=$(curl -s -X POST ${origin}/dev/session -H 'Content-Type: application/json' -d '{"userId":"kurt"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
    found       curl -s -X POST ${origin}/v1/organizations -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"name":"Nirvana"}'
    write       curl -s -X POST ${origin}/o/nirvana/songs -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"title":"Polly"}'
    be nobody   curl -s ${origin}/o/nirvana/songs

  Ctrl-C stops it; what was stored is gone with it.
`;

stopOnSignals(() => {}, 0);
await command(async () => {
  await choosePort();
  await prepare();
  linkPackage();
  const port = await choosePort();
  const server = serve({ port, state: join(build, "example"), words: ["--config", join(folder, "wrangler.toml")] });
  await step("starting the example", () => untilReady(server));
  console.log(welcome(server.origin));
  const code = await new Promise((resolve) => server.child.once("exit", resolve));
  if (code) throw new Failure(`wrangler ended by itself (code ${code})`, again, server.log().slice(-2000));
});
