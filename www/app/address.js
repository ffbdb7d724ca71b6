// What the address bar names, and the token that came by it.
//
// Owns: the kept token, from the moment that it left the address (`token.js`) to its answer, and the name of the open
// organization. Never does: send a token; it lives in this tab's session storage and in POST bodies alone.

const KEY = "guildhall.link";

/** The token that waits for an answer, through sign-in and reload: `{ kind, token }`, or `null`. */
export function keptLink() {
  const link = parsed(sessionStorage.getItem(KEY));
  return typeof link?.token === "string" ? link : null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Forgets the token. */
export const dropLink = () => sessionStorage.removeItem(KEY);

/** The organization that the fragment names: `#organization=<slug>`. */
export const namedOrganization = () => new URLSearchParams(location.hash.slice(1)).get("organization");

/** Names the open organization in the address, so that a reload comes back to it. */
export function showOrganization(slug) {
  const fragment = slug ? `#${new URLSearchParams({ organization: slug })}` : "";
  history.replaceState(null, "", location.pathname + location.search + fragment);
}
