// Keys of an issuer in the directory: the same checks as on the Worker.

import { authOf, checkIssuers } from "../harness/issuers.mjs";
import { installed } from "./support/installed.mjs";

checkIssuers("Issuers in the directory", async (issuer) => {
  const project = await installed({ after: (end) => process.on("exit", end) });
  const { Directory } = await project.import("directory/node.js");
  let ahead = 0;
  const directory = new Directory({ settings: { AUTH: authOf(issuer) }, now: () => Date.now() + ahead });
  return {
    fetch: directory.fetch,
    skew: (seconds) => (ahead = seconds * 1000),
    stop: () => directory.close(),
    tellsFaults: false,
  };
});
