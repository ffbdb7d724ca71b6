// The credential of a client: a text, a function that gives tokens, or an operator key.
//
// Owns: when a function is asked, and what its failure looks like. Never does: keep a token.

import { within } from "../ending.js";
import { GuildhallError, unreadable } from "../errors.js";

/**
 * A function to the credential; `refused` is the token that the installation has refused, and `signal` ends the
 * waiting. It has `isAsked` where asking again can give another token.
 */
export function credential({ token, operatorKey }) {
  if (operatorKey != null) token = keyAlone(operatorKey, token);
  return typeof token === "function" ? asked(token) : async (_refused, signal) => text(await within([signal], () => token));
}

function keyAlone(key, token) {
  if (token != null) throw unreadable("an operator key is sent in place of a token: give one of the two", "operatorKey");
  if (typeof key !== "string" || !key.startsWith("gho_")) throw unreadable("an operator key is expected: `gho_…`", "operatorKey");
  return key;
}

/** Calls that need a token while one is being fetched wait for the same one. */
function asked(token) {
  let running = [];
  const begun = (refused) => {
    const entry = { refused, waiting: 0, given: called(token, refused) };
    // What is there at once is for this call alone: it may depend on who makes it.
    if (typeof entry.given?.then === "function") running.push(entry);
    return entry;
  };
  const ask = async (refused, signal) => {
    const entry = running.findLast((each) => refused === undefined || each.refused === refused) ?? begun(refused);
    entry.waiting += 1;
    try {
      return text(await within([signal], () => entry.given));
    } catch (cause) {
      signal?.throwIfAborted();
      throw failed(cause);
    } finally {
      entry.waiting -= 1;
      // An answer that no call waits for any more may never come.
      if (entry.waiting === 0) running = running.filter((each) => each !== entry);
    }
  };
  return Object.assign(ask, { isAsked: true });
}

function called(token, refused) {
  try {
    return token(refused === undefined ? {} : { refused });
  } catch (cause) {
    throw failed(cause);
  }
}

const failed = (cause) =>
  cause?.param === "token" ? cause : new GuildhallError({ code: "token_unavailable", title: "there is no token to send", message: `the function \`token\` failed: ${cause?.message ?? typeof cause}`, param: "token" }, { cause });

function text(token) {
  if (token && typeof token !== "string") throw unreadable("a text is expected, or how to get one", "token");
  return token;
}
