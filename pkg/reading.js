// The body of a request or of an answer, as far as it is wanted.
//
// Owns: an end to bodies that have none. Never does: say what a body means.

/** The first `limit` bytes of a body: enough to see that it is too long. */
export async function beginning(message, limit) {
  // Firefox has no `Request.body`; there the whole is read.
  if (!message.body) return new Uint8Array(await message.arrayBuffer()).subarray(0, limit);
  const chunks = [];
  let length = 0;
  for (const reader = message.body.getReader(); length < limit; ) {
    const { done, value: chunk } = await reader.read();
    if (done) break;
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) reader.cancel().catch(() => {});
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer()).subarray(0, limit);
}
