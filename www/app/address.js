// What the address bar says after the `#`, and what of it must not stay there.
//
// Owns: the invitation token, from the address to the moment it is answered.
// Never does: send it; it lives in this tab's session storage and in POST bodies alone.

const KEY = "guildhall.invitation";

/** Reads the fragment: `#invitation=<token>` or `#organization=<slug>`. */
export function readFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  return { token: fragment.get("invitation"), organization: fragment.get("organization") };
}

/** Rule: a token leaves the address bar at once, because people copy addresses and browsers keep them. */
export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
  showOrganization(null);
}

/** The token that waits for an answer, through sign-in and reload. */
export const keptToken = () => sessionStorage.getItem(KEY);

/** Forgets the token. */
export const dropToken = () => sessionStorage.removeItem(KEY);

/** Names the open organization in the address, so that a reload comes back to it. */
export function showOrganization(slug) {
  const fragment = slug ? `#${new URLSearchParams({ organization: slug })}` : "";
  history.replaceState(null, "", location.pathname + location.search + fragment);
}
