// What would go wrong in production, from what is known.
//
// Owns: the names of the findings, which are stable, their levels, their places and the cures.
// Never does: ask anything by itself, or judge a setting: `check` is the Worker's own rule.

import { environment, hiddenSecrets, secretNames } from "./environment.mjs";
import { error, unchecked, warning } from "./levels.mjs";
import { databaseFindings } from "./stored.mjs";

const toPut = (mode, name) => (mode === "remote" ? `npx wrangler secret put ${name}` : `set it in .dev.vars; for a deployment: npx wrangler secret put ${name}`);

const isSecret = (name) => secretNames.includes(name);
const isPlaceholder = (id) => !id || /^[0-]+$/.test(id);
const bound = (list, wanted) => (list ?? []).find(({ binding }) => binding === wanted);

const databasePlace = "[[d1_databases]] DB";
const hintsPlace = "[[kv_namespaces]] HINTS";

function bindingFindings({ config, file }) {
  const database = bound(config.d1_databases, "DB");
  const hints = bound(config.kv_namespaces, "HINTS");
  const at = (part) => `${part} in ${file}`;
  const hasCron = (config.triggers?.crons ?? []).length > 0;
  return [
    !database && error("database_missing", at(databasePlace), "no D1 database is bound as DB", 'add [[d1_databases]] with binding = "DB" (docs/deployment.md)'),
    database && isPlaceholder(database.database_id) && error("database_id_placeholder", at(databasePlace), "the database's id is the placeholder for local use", "npx wrangler d1 create guildhall   (then write the id that it prints as database_id)"),
    !hints && warning("kv_missing", at(hintsPlace), "no KV namespace is bound as HINTS: each cached read asks the database", "npx wrangler kv namespace create HINTS   (then bind the id that it prints as HINTS)"),
    hints && isPlaceholder(hints.id) && error("kv_id_placeholder", at(hintsPlace), "the KV namespace's id is the placeholder for local use", "npx wrangler kv namespace create HINTS   (then write the id that it prints as id)"),
    !bound(config.services, "MESSENGER") && warning("mailer_missing", at("[[services]] MESSENGER"), "no service is bound as MESSENGER: invitations and other mails wait in the outbox", "bind a Worker that sends mails as the service MESSENGER (docs/mails.md)"),
    config.vars?.REGISTRATION_CHALLENGE === "service" && !bound(config.services, "CHALLENGE") && error("challenge_unbound", at("[[services]] CHALLENGE"), "REGISTRATION_CHALLENGE asks a service, and none is bound as CHALLENGE: the Worker refuses to start", "bind the service (docs/challenge.md)"),
    !hasCron && error("cron_missing", at("[triggers]"), "no cron is set: nothing in the outbox is sent, and what has expired is not cleaned", 'add [triggers] with crons = ["* * * * *"]'),
  ];
}

const limitBinding = (limit) => `RATE_LIMIT_${limit.toUpperCase().replaceAll("-", "_")}`;

/** Each limit is named in the setting, which callers are told of, and bound, which counts. A wrong text is the rule's to name. */
function rateLimitFindings({ config, file }) {
  const told = [...String(config.vars?.RATE_LIMITS ?? "").matchAll(/([a-z-]+)=(\d+)\/(\d+)/g)].map(([, limit, most, period]) => [limitBinding(limit), `${most}/${period}`]);
  const counted = (config.ratelimits ?? []).filter(({ name }) => name.startsWith("RATE_LIMIT_")).map(({ name, simple }) => [name, `${simple?.limit}/${simple?.period}`]);
  const both = [[told, counted, "is named in RATE_LIMITS and not bound"], [counted, told, "is bound and not named in RATE_LIMITS"]];
  const alone = both.flatMap(([ones, others, what]) => ones.filter(([name]) => !others.some(([other]) => other === name)).map(([name]) =>
    error("rate_limit_unbound", `[[ratelimits]] ${name} in ${file}`, `the limit ${what}: the Worker refuses to start`, "name each limit in RATE_LIMITS and bind it (docs/deployment.md)")));
  const differ = told.filter(([name, numbers]) => counted.some(([other, bound]) => other === name && bound !== numbers)).map(([name]) =>
    warning("rate_limit_differs", `[[ratelimits]] ${name} in ${file}`, "the binding counts by other numbers than RATE_LIMITS tells callers", "write the same numbers in both places"));
  return [...alone, ...differ];
}

function secretFindings(known) {
  const { config, secrets, mode, file } = known;
  const exposed = Object.keys(config.vars ?? {}).filter(isSecret);
  const shown = exposed.map((name) => error("secret_in_vars", `[vars] ${name} in ${file}`, `the secret ${name} stands in a file of the repository`, `take it out, make a new one, then: ${toPut(mode, name)}`));
  const hidden = hiddenSecrets(known);
  return [
    ...shown,
    secrets.unknown !== undefined && unchecked("secrets_unchecked", "the deployed secrets", `they could not be listed: ${secrets.unknown}`, "npx wrangler login, or set CLOUDFLARE_API_TOKEN, then run this again"),
    hidden.length > 0 && unchecked("secret_values_unchecked", "the deployed secrets", `Cloudflare shows no values, so the lengths and forms of ${hidden.join(", ")} are not known here`, "npm run doctor -- --remote --secrets FILE, with the file that they were set from; `/readyz` of the deployment names a wrong one as well"),
  ];
}

function faultFinding({ mode, file }, { setting, code, what }) {
  if (!isSecret(setting)) return error(code, `[vars] ${setting} in ${file}`, what, `mend ${setting} (docs/settings.md)`);
  return error(code.replace("setting", "secret"), `the secret ${setting}`, what, toPut(mode, setting));
}

function settingFindings(known, judged) {
  const at = (name) => `[vars] ${name} in ${known.file}`;
  return [
    ...judged.faults.map((fault) => faultFinding(known, fault)),
    judged.development && error("auth_dev", at("AUTH"), "AUTH has `dev`, which believes every caller; beside a public origin the Worker refuses to start", 'take {"type":"dev"} out and name your sign-in (docs/sign-in.md)'),
    judged.loopback && error("public_origin_loopback", at("PUBLIC_ORIGIN"), "PUBLIC_ORIGIN is an address of this machine: no link in a mail would lead to the deployment", "set PUBLIC_ORIGIN to the origin at which people reach the deployment"),
    ...judged.audienceNone.map((issuer) => warning("audience_none", at("AUTH"), `the issuer \`${issuer}\` is believed for any audience: its tokens for other applications are taken here`, "give the issuer `audience`, `authorizedParties` or `clientIds`")),
  ];
}

/**
 * Judges what is known.
 *
 * @param {{mode: string, beforeDeploy: boolean, file: string, config: object, secrets: object, check: Function, ask: Function, migrations: string[]}} known
 * @returns the findings, errors first: `[{level, name, where, what, cure}]`
 */
export async function judge(known) {
  const judged = known.check(environment(known));
  const database = bound(known.config.d1_databases, "DB");
  const canAsk = database && (known.mode === "local" || !isPlaceholder(database.database_id));
  const stored = canAsk ? await databaseFindings(known, judged) : [];
  const all = [...settingFindings(known, judged), ...secretFindings(known), ...bindingFindings(known), ...rateLimitFindings(known), ...stored].filter(Boolean);
  const order = ["error", "warning", "unchecked"];
  return all.sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
}
