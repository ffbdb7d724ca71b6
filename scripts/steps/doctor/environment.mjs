// The settings as the Worker would get them.
//
// Owns: what stands in for a deployed secret, whose value Cloudflare shows to nobody. Never does: judge.

/** Settings whose values must stand in no configuration file. */
export const secretNames = ["SECRET_KEY", "PASS_KEY", "OPERATOR_KEYS", "UPSTREAM_KEYS", "TURNSTILE_SECRET_KEY"];

const standIn = "0".repeat(32);

const jsonOf = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The ids of the keys that upstreams sign with, as far as `AUTH` can be read; the rule says what cannot. */
function upstreamKeys(vars) {
  const lists = Object.keys(vars).filter((name) => /^AUTH(_[2-9])?$/.test(name)).map((name) => jsonOf(vars[name]));
  const entries = lists.flatMap((list) => list ?? []).filter((entry) => entry?.type === "upstream" && Array.isArray(entry.keys));
  return entries.flatMap(({ keys }) => keys);
}

/** Values under which a secret is no fault, by name; those that may be missing need none. */
const standIns = (vars) => ({
  SECRET_KEY: standIn,
  TURNSTILE_SECRET_KEY: standIn,
  UPSTREAM_KEYS: JSON.stringify(Object.fromEntries(upstreamKeys(vars).map((id) => [id, standIn]))),
});

const isReadable = ([, value]) => ["string", "number"].includes(typeof value);

/** The secrets that are set and whose values are not known here. */
export const hiddenSecrets = ({ secrets }) => secretNames.filter((name) => secrets.names?.includes(name) && !secrets.values?.[name]);

/** All settings: `{ settings: {NAME: text}, unreadable: [NAME] }`. */
export function environment({ config, secrets }) {
  const vars = Object.entries(config.vars ?? {});
  const settings = Object.fromEntries(vars.filter(isReadable).map(([name, value]) => [name, String(value)]));
  const isSet = (name) => secrets.unknown !== undefined || secrets.names === undefined || secrets.names.includes(name);
  const known = Object.entries(secrets.values ?? {}).filter(([name]) => isSet(name));
  const hidden = Object.entries(standIns(settings)).filter(([name]) => secrets.unknown !== undefined || secrets.names?.includes(name));
  return {
    settings: { ...settings, ...Object.fromEntries(hidden), ...Object.fromEntries(known) },
    unreadable: vars.filter((entry) => !isReadable(entry)).map(([name]) => name),
  };
}
