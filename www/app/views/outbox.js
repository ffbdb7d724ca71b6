// The mails that would have gone out, on a development server.
//
// Owns: the outbox panel. Never does: appear where mail is really sent, because nothing answers there.

import { actionButton } from "../acting.js";
import { byId, counted, el, instant, nothing, replace } from "../elements.js";
import { loadOutbox } from "../loading.js";
import { watch } from "../state.js";

/** How many mails stand in full; older ones are folded away. */
const SHOWN = 3;

/** Sets the view up. */
export function outbox() {
  watch(show);
}

/** A visitor sees the mails only on request: whoever was here before may have left some of theirs. */
function show({ outbox, development, asked }) {
  byId("outbox").hidden = !asked || (!development && outbox === null);
  const load = () => loadOutbox({ asked: true });
  if (outbox === null) return replace(byId("mails"), actionButton("Show the mails", { work: load, kind: "secondary small", key: "again" }));
  const mails = outbox.filter(({ kind }) => kind !== "webhook");
  const [newest, older] = [mails.slice(0, SHOWN), mails.slice(SHOWN)];
  const again = actionButton("Look again", { work: load, kind: "secondary small", key: "again" });
  replace(byId("mails"), newest.length ? listOf(newest) : nothing("No mail yet."), older.length > 0 && olderOnes(older), again);
}

const listOf = (mails) => el("ul", { class: "rows mails" }, mails.map(mail));

function olderOnes(mails) {
  return el("details", {}, el("summary", {}, counted(mails.length, "older mail")), listOf(mails));
}

function mail({ id, to, subject, text, link, createdAt }) {
  return el(
    "li",
    {},
    el(
      "article",
      { class: "row-text", "aria-label": subject },
      el("strong", {}, subject),
      el("span", { class: "fine" }, "to ", to, " · ", instant(createdAt)),
      el("p", { class: "mail-text" }, linked(text, safeLink(link), id)),
    ),
  );
}

/** The text with its link made clickable where it stands. */
function linked(text, link, id) {
  const at = link ? text.indexOf(link) : -1;
  if (at < 0) return [text];
  const anchor = el("a", { href: link, key: `mail ${id}` }, link);
  return [text.slice(0, at), anchor, text.slice(at + link.length)];
}

function safeLink(link) {
  const url = URL.parse(link);
  return url && ["http:", "https:"].includes(url.protocol) ? link : null;
}
