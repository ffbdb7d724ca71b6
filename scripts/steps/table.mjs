// JSON as lines that a person reads.
//
// Owns: laying out any JSON object as aligned rows of name and value.
// Never does: know what the names mean.

const most = 20;

/** `createdOrganizations` -> `created organizations`. */
const words = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replaceAll("_", " ").toLowerCase();
const isObject = (value) => typeof value === "object" && value !== null;
const inline = (value) => (isObject(value) ? Object.entries(value).map(([name, each]) => `${words(name)} ${inline(each)}`).join(", ") : String(value));

function pairs(value, name) {
  if (Array.isArray(value)) return list(value, name);
  if (isObject(value)) return Object.entries(value).flatMap(([part, each]) => pairs(each, name ? `${name}: ${words(part)}` : words(part)));
  return [[name, String(value)]];
}

function list(values, name) {
  const shown = values.slice(0, most).map((value, index) => [index === 0 ? `${name} (${values.length})` : "", inline(value)]);
  const rest = values.length - shown.length;
  if (values.length === 0) return [[name, "none"]];
  return rest > 0 ? [...shown, ["", `… and ${rest} more`]] : shown;
}

/** The rows of a JSON object, names padded to one width. */
export function rows(summary) {
  const all = pairs(summary, "");
  const width = Math.max(0, ...all.map(([name]) => name.length));
  return all.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
