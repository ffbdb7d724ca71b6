// Before anything else of the page: a token leaves the address, because people copy addresses and browsers keep them.
//
// Owns: the way of a token from `#invitation=…` or `#registration=…` into this tab's session storage. It is a classic
// script at the top of the page: modules run only when the whole document and all of them are there.
// Never does: send a token, or judge it.

(() => {
  const kinds = ["invitation", "registration"];

  function take() {
    const fragment = new URLSearchParams(location.hash.slice(1));
    const kind = kinds.find((name) => fragment.has(name));
    if (!kind) return;
    history.replaceState(null, "", location.pathname + location.search);
    const token = fragment.get(kind);
    if (token) sessionStorage.setItem("guildhall.link", JSON.stringify({ kind, token }));
  }

  take();
  addEventListener("hashchange", take);
})();
