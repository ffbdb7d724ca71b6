// Lists, page by page and row by row.
//
// Owns: the way from one page to the next. Never does: ask for a page before it is wanted.

import { unreachable, value } from "./answer.js";

/** A list: `page(cursor?)` is one page, iterating goes through the rows of all. */
export function list(ask, query) {
  const page = async (cursor = query?.cursor) => checked(value((await ask({ ...query, cursor })).text));
  return {
    page,
    async *[Symbol.asyncIterator]() {
      for (let cursor; ; ) {
        const { data, nextCursor, hasMore } = await page(cursor);
        yield* data;
        if (!hasMore) return;
        cursor = forward(cursor, nextCursor);
      }
    },
  };
}

function checked(page) {
  if (!Array.isArray(page?.data)) throw unreachable(new Error("the answer is no page of a list"));
  return page;
}

/** The cursor of what follows; the one before, or none, would begin again and never end. */
function forward(cursor, next) {
  if (typeof next !== "string" || next === "" || next === cursor) throw unreachable(new Error("there is more, and no way to it"));
  return next;
}

/** Lines of JSON: iterating goes through the lines of all answers, one behind the other. */
export function lines(ask, query) {
  return {
    async *[Symbol.asyncIterator]() {
      for (let cursor = query?.cursor; ; ) {
        const { headers, text } = await ask({ ...query, cursor });
        for (const line of text.split("\n")) if (line) yield value(line);
        const next = headers.get("guildhall-next-cursor");
        if (!next) return;
        cursor = forward(cursor, next);
      }
    },
  };
}
