// Making elements, and putting new ones in place of old ones without losing the reader's place.
//
// Owns: the only way this page builds its document. Text goes in as text, never as markup.
// Never does: know what it shows.

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * A new element. `on` holds listeners, `key` names it across re-drawing, a `false` or missing
 * attribute is left out, `true` is set empty. Children are elements, text, or nothing.
 */
export function el(tag, { on = {}, key, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  if (key !== undefined) element.dataset.key = key;
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Puts `children` in place of what `container` holds. The element that had the focus gets it back
 * if it is still there under the same key; else the section's heading does, so that a keyboard
 * user is never thrown back to the top of the page.
 */
export function replace(container, ...children) {
  const held = container.contains(document.activeElement) ? document.activeElement : null;
  container.replaceChildren(...children.flat().filter(Boolean));
  if (held) (withKey(container, held.dataset.key) ?? headingOf(container))?.focus();
}

function withKey(container, key) {
  const found = key && container.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return found && !found.disabled ? found : null;
}

function headingOf(container) {
  return container.closest("section")?.querySelector("h2, h3");
}

/** A row of a list: what it says, and beside it what can be done; no actions leave no place for them. */
export const row = (texts, actions, attributes = {}) =>
  el("li", attributes, el("div", { class: "row-text" }, texts), actions && el("div", { class: "row-actions" }, actions));

/** A small label: a role, a state. */
export const badge = (text, kind = "") => el("span", { class: `badge ${kind}`.trim() }, text);

/** Text in which what stands between backticks is code; the API writes what people typed that way. */
export const prose = (text) => text.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));

/** An instant as text, in the reader's own way of writing it. */
export const inWords = (text) => new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** An instant, in the reader's own way of writing it. */
export const instant = (text) => el("time", { datetime: text }, inWords(text));

/** `1 member`, `2 members`. */
export const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** The line that stands where a list would, when there is nothing to list. */
export const nothing = (text) => el("p", { class: "quiet" }, text);
