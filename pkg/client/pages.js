// Lists, page by page and row by row.
//
// Owns: the way from one page to the next. Never does: ask for a page before it is wanted.

import { value } from "./answer.js";

/** A list: `page(cursor?)` is one page, iterating goes through the rows of all. */
export function list(ask, query) {
  const page = async (cursor = query?.cursor) => value((await ask({ ...query, cursor })).text);
  return {
    page,
    async *[Symbol.asyncIterator]() {
      for (let cursor; ; ) {
        const { data, nextCursor, hasMore } = await page(cursor);
        yield* data;
        if (!hasMore) return;
        cursor = nextCursor;
      }
    },
  };
}

/** Lines of JSON: iterating goes through the lines of all answers, one behind the other. */
export function lines(ask, query) {
  return {
    async *[Symbol.asyncIterator]() {
      for (let cursor = query?.cursor; ; ) {
        const { headers, text } = await ask({ ...query, cursor });
        for (const line of text.split("\n")) if (line) yield value(line);
        cursor = headers.get("guildhall-next-cursor");
        if (!cursor) return;
      }
    },
  };
}
