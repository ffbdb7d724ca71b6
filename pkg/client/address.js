// Where an installation is.
//
// Owns: what stands in front of every path. Never does: guess a host for the network.

import { unreadable } from "../errors.js";

/** For a `fetch` that was handed in and needs some host: a service binding, a `Directory`. */
const anywhere = "http://localhost";

/** The address of an installation without a slash at its end: absolute, or of the page's own origin. */
export function addressOf({ baseUrl, given }) {
  const own = globalThis.location?.href;
  const text = String(baseUrl).replace(/\/+$/, "");
  const url = parsed(text || "/", own ?? (given ? anywhere : undefined));
  if (!/^https?:$/.test(url?.protocol) || url.search || url.hash) {
    throw unreadable("the address of an installation is expected, such as https://guildhall.example", "baseUrl");
  }
  return own === undefined ? url.href.replace(/\/+$/, "") : text;
}

/** Whether an address is of the page's own site: nowhere where there is no page. */
export function isOwnSite(url) {
  const { href, origin } = globalThis.location ?? {};
  return href !== undefined && new URL(url, href).origin === origin;
}

function parsed(text, base) {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
