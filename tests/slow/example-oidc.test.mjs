// `npm run example:oidc`, from its first step to its last.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { at, nodeBinary } from "../../scripts/steps/places.mjs";

test("the walk behind an OpenID provider goes from two sign-ins to a change of keys", async () => {
  const { stdout } = await promisify(execFile)(nodeBinary(), ["--no-warnings", at("examples", "oidc", "main.mjs")]);
  assert.match(stdout, /kurt signs in.*krist signs in.*accepts it.*lists all organizations.*acts as krist.*withdraws the first.*everything went as it should/s);
});
