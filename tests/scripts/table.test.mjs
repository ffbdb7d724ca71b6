// What `npm run import` prints.

import assert from "node:assert/strict";
import { test } from "node:test";
import { rows } from "../../scripts/steps/table.mjs";

test("plain values come first, lists of objects become columns with long values last", () => {
  const id = "org_0137809500000000000000000000000000";
  const summary = { organizations: [{ id, membersAdded: 3, name: "Nirvana" }], users: 4, notes: [], dry_run: false };
  assert.deepEqual(rows(summary), [
    "users    4",
    "dry run  false",
    "",
    "organizations: 1",
    "  members added  name     id",
    `  3              Nirvana  ${id}`,
    "",
    "notes: none",
  ]);
});

test("a long list is cut and says so", () => {
  const lines = rows({ users: Array.from({ length: 25 }, (_, index) => `u${index}`) });
  assert.equal(lines.at(-1), "  … and 5 more");
});

test("an empty answer is no line", () => assert.deepEqual(rows({}), []));
