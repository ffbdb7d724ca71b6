// The console on a directory in memory: its clock, its DNS and its settings are the test's.
//
// Owns: the installation, the people who call its API, and those who open the page. Never does: look into the page.

import { pathToFileURL } from "node:url";
import { at } from "../../../scripts/steps/places.mjs";
import { Person } from "./person.mjs";
import { serveFiles } from "./static.mjs";

const load = (...path) => import(pathToFileURL(at("pkg", ...path)));

/** Starts one; it ends with the test. `settings` are the Worker's, by their names. */
export async function startConsole(t, settings = {}) {
  const { Directory } = await load("directory", "node.js");
  const { createClient } = await load("client", "client.js");
  let ahead = 0;
  const directory = new Directory({ settings, now: () => Date.now() + ahead });
  const files = await serveFiles(directory.fetch);
  const open = [];
  t.after(async () => {
    await Promise.all(open.map((one) => one.close()));
    await files.stop();
  });
  const fetch = directory.fetch;
  return {
    origin: files.origin,
    directory,
    /** Lets seconds pass on the server. */
    later: (seconds) => { ahead += seconds * 1000; },
    /** A client of the API for a user whose address, `<id>@example.com`, is verified. */
    async client(userId, more) {
      const { token } = await createClient({ fetch }).dev.signIn({ userId, email: `${userId}@example.com`, name: nameOf(userId), emailVerified: true, ...more });
      return createClient({ fetch, token });
    },
    anonymous: createClient({ fetch }),
    /** Opens the page in a browser of its own. */
    async visitor(path = "/", context) {
      const one = await Person.at(files.origin + path, context);
      open.push(one);
      return one;
    },
    /** The newest mail of a kind: the fragment of its link, if it has one, leads to the action. */
    async mail(kind) {
      for await (const mail of createClient({ fetch }).dev.outbox.list()) if (mail.kind === kind) return { ...mail, path: mail.link && `/${new URL(mail.link).hash}` };
      throw new Error(`there is no mail \`${kind}\``);
    },
  };
}

/** What a user is called: `krist` is Krist. */
export const nameOf = (userId) => userId[0].toUpperCase() + userId.slice(1);
