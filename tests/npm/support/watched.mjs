// A client whose every answer is held against its type.
//
// Owns: which methods have been called, and what was wrong. Never does: call any by itself.

import assert from "node:assert/strict";

/** The same client; `seen` collects the methods called, as `organization.members.add`. */
export function watched(client, tables, types, seen) {
  const organization = (id) => around(client.organization(id), tables.within, "organization.", types, seen);
  return { ...around(client, tables.everywhere, "", types, seen), organization };
}

/** The names of all methods of a table. */
export const methods = (table, path) =>
  Object.entries(table).flatMap(([name, entry]) => (typeof entry === "string" ? [[`${path}${name}`, entry]] : methods(entry, `${path}${name}.`)));

function around(given, table, path, types, seen) {
  const one = ([name, entry]) => [name, typeof entry === "string" ? call(given[name], `${path}${name}`, types, seen) : around(given[name], entry, `${path}${name}.`, types, seen)];
  return Object.fromEntries(Object.entries(table).map(one));
}

function call(method, path, types, seen) {
  return (...words) => {
    seen.add(path);
    const { answer } = types.signature(path);
    const check = (value) => {
      const expected = value?.wouldSucceed ? types.named("Trial") : answer;
      assert.equal(types.wrong(value, expected), undefined, `${path} answers ${JSON.stringify(value)}`);
      return value;
    };
    const result = method(...words);
    return result[Symbol.asyncIterator] ? rows(result, check) : result.then(check);
  };
}

function rows(list, check) {
  return {
    page: async (cursor) => {
      const page = await list.page(cursor);
      page.data.forEach(check);
      return page;
    },
    async *[Symbol.asyncIterator]() {
      for await (const row of list) yield check(row);
    },
  };
}
