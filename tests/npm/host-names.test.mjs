// Domains of every script, mapped by the runtime's own `URL`: the corpus that the core reads natively by its own tables.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { at } from "../../scripts/steps/places.mjs";
import { installed } from "./support/installed.mjs";

const corpus = JSON.parse(readFileSync(at("tests", "fixtures", "host-names.json"), "utf8"));

function canonical(parseEmail, name) {
  try {
    const { address, canonical } = parseEmail(`Pat@${name}`);
    assert.equal(address, `Pat@${name}`);
    return canonical;
  } catch (error) {
    assert.equal(error.code, "email_invalid");
    return null;
  }
}

test("an address has the ASCII form of the corpus", async (t) => {
  const { parseEmail } = await (await installed(t)).import("node.js");
  for (const { about, name, ascii } of corpus) {
    assert.equal(canonical(parseEmail, name), ascii && `pat@${ascii}`, about);
  }
});

test("`Directory` maps the domains that a link allows", async (t) => {
  const project = await installed(t);
  const { fetch } = new (await project.import("directory/node.js")).Directory();
  const { createClient } = await project.import("client/client.js");
  const { token } = await createClient({ fetch }).dev.signIn({ userId: "kurt" });
  const client = createClient({ fetch, token });
  await client.organizations.create({ name: "Nirvana" });
  const allowedDomains = ["münchen.example", "XN--MNCHEN-3YA.example", "straße.example"];
  const link = await client.organization("nirvana").links.create({ allowedDomains });
  assert.deepEqual(link.allowedDomains, ["xn--mnchen-3ya.example", "xn--strae-oqa.example"]);
});
