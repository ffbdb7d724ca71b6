// JSON as lines that a person reads.
//
// Owns: laying out any JSON object: plain values as name and value, lists of objects as columns.
// Never does: know what the names mean.

const most = 20;

/** `usersWithoutMembership` -> `users without membership`. */
const words = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value));

/** Lines of cells, each column as wide as its widest cell. */
function columns(lines) {
  const widths = lines[0].map((_, index) => Math.max(...lines.map((line) => line[index].length)));
  return lines.map((line) => line.map((cell, index) => cell.padEnd(widths[index])).join("  ").trimEnd());
}

/** A list of objects: a heading of their names (the longest values, ids, last), then a line for each. */
function table(objects) {
  const names = [...new Set(objects.flatMap(Object.keys))];
  const width = (name) => Math.max(...objects.map((each) => text(each[name] ?? "").length));
  names.sort((one, other) => Number(width(one) > 30) - Number(width(other) > 30));
  return columns([names.map(words), ...objects.map((each) => names.map((name) => text(each[name] ?? "")))]);
}

function list(values, name) {
  const shown = values.slice(0, most);
  const lines = shown.every(isObject) && shown.length > 0 ? table(shown) : shown.map(text);
  if (values.length > most) lines.push(`… and ${values.length - most} more`);
  return ["", `${name}: ${values.length === 0 ? "none" : values.length}`, ...lines.map((line) => `  ${line}`)];
}

function flatten(value, path) {
  return Object.entries(value).flatMap(([key, each]) => {
    const name = [path, words(key)].filter(Boolean).join(", ");
    return isObject(each) ? flatten(each, name) : [[name, each]];
  });
}

/** The lines of a JSON object: its plain values first, then its lists. */
export function rows(summary) {
  const pairs = flatten(summary, "");
  const plain = pairs.filter(([, value]) => !Array.isArray(value)).map(([name, value]) => [name, text(value)]);
  const lists = pairs.filter(([, value]) => Array.isArray(value));
  return [...(plain.length > 0 ? columns(plain) : []), ...lists.flatMap(([name, values]) => list(values, name))];
}
