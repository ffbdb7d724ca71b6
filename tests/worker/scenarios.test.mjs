// The scenario corpus on the built Worker: the same rules as natively, on workerd, D1 and KV.
//
// Owns: emptying a Worker between scenarios, and standing in for a clock that moves.
// Never does: look at an answer; the harness does.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { bySettings, corpus, origin, runScenario } from "../harness/scenarios.mjs";
import { secretKey, startWorker } from "../harness/worker.mjs";
import { aged } from "./support/session.mjs";

const agent = new Agent({ keepAlive: true });
const ours = new URL(origin);

/** One request as it is written: `fetch` would tidy its path first. */
function send(worker, method, url, headers, body) {
  const [, host, path] = /^http:\/\/([^/]+)(.*)$/.exec(url);
  const all = { ...headers, host: host === ours.host ? new URL(worker.origin).host : host, "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: "127.0.0.1", port: worker.port, method, path, headers: all }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk)).once("error", reject);
      answer.once("end", () => resolve(response(answer, Buffer.concat(chunks).toString())));
    });
    sent.once("error", reject).end(body);
  });
}

function response({ statusCode, rawHeaders }, body) {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []));
  return { status: statusCode, headers: new Headers(pairs), text: async () => body };
}

/** Opens the SQLite files of one kind of storage, one after the other, beside the Worker. */
function withFiles(worker, kind, work) {
  const folder = join(worker.state, "v3", ...kind);
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".sqlite") && file !== "metadata.sqlite")) {
    const database = new DatabaseSync(join(folder, name), { timeout: 5_000, enableForeignKeyConstraints: false });
    try {
      work(database);
    } finally {
      database.close();
    }
  }
}

const named = (database, type) => database.prepare("SELECT name, sql FROM sqlite_master WHERE type = ?").all(type);

/** Runs statements while the triggers that keep things for ever stand aside. */
function unguarded(database, statements) {
  const triggers = named(database, "trigger");
  const all = [...triggers.map(({ name }) => `DROP TRIGGER ${name}`), ...statements, ...triggers.map(({ sql }) => sql)];
  database.exec(["BEGIN IMMEDIATE", ...all, "COMMIT"].join(";\n"));
}

/** Deletes every row. */
function emptyDatabase(database) {
  const tables = named(database, "table").filter(({ name }) => !/^(sqlite_|_cf_|d1_migrations$)/.test(name));
  unguarded(database, tables.map(({ name }) => `DELETE FROM ${name}`));
}

const forgetHints = (worker) => withFiles(worker, ["kv", "miniflare-KVNamespaceObject"], (database) => database.exec("DELETE FROM _mf_entries"));

function empty(worker) {
  withFiles(worker, ["d1", "miniflare-D1DatabaseObject"], emptyDatabase);
  forgetHints(worker);
}

/** The Worker's clock stands where it stands: what depends on it is moved back instead. */
function moveBack(worker, seconds) {
  const past = seconds * 1000;
  worker.d1("UPDATE invitations SET created_at = created_at - ?1, expires_at = expires_at - ?1 WHERE state = 'pending'", past);
  worker.d1("UPDATE memberships SET until = until - ?1 WHERE until IS NOT NULL", past);
  worker.d1("UPDATE domains SET body = json_set(body, '$.recheckAt', CAST((body ->> 'recheckAt') - ?1 AS INTEGER), '$.missingSince', CAST((body ->> 'missingSince') - ?1 AS INTEGER))", past);
  const earlier = (field) => `CAST(${field} - ?1 AS INTEGER)`;
  worker.d1(`UPDATE organizations SET nomination = json_set(nomination, '$.expiresAt', ${earlier("(nomination ->> 'expiresAt')")}) WHERE nomination IS NOT NULL`, past);
  worker.d1(`UPDATE organizations SET deletion = json_set(deletion, '$.purgeAt', ${earlier("(deletion ->> 'purgeAt')")}) WHERE deletion IS NOT NULL`, past);
  const older = (table, ...fields) => {
    const moved = fields.map((field) => `'$.${field}', (body ->> '${field}') - ${past}`);
    return `UPDATE ${table} SET body = json_set(body, ${moved.join(", ")})`;
  };
  const statements = [
    older("invitation_links", "createdAt", "expiresAt"),
    older("registrations", "createdAt", "expiresAt"),
    `${older("join_requests", "createdAt", "closedAt")} WHERE state <> 'pending'`,
  ];
  withFiles(worker, ["d1", "miniflare-D1DatabaseObject"], (database) => unguarded(database, statements));
  worker.d1("UPDATE receipts SET created_at = created_at - ?1", past);
  worker.d1("UPDATE invitation_quotas SET day = day - ?1", Math.floor(seconds / 86_400));
  forgetHints(worker);
}

const site = (worker) => ({
  origin,
  authority: new URL(worker.origin).host,
  send: (...words) => send(worker, ...words),
  advance: (seconds) => moveBack(worker, seconds),
  aged: (text, seconds) => aged(text, seconds, secretKey),
  tick: async () => assert.deepEqual(await worker.cron(), { status: 200, outcome: "ok" }),
});

let worker;
before(async () => { worker = await startWorker({ vars: { PUBLIC_ORIGIN: origin }, adjustable: true }); });
after(() => worker?.stop());

for (const { settings, scenarios } of bySettings(corpus())) {
  describe(`on workerd with ${JSON.stringify(settings)}`, () => {
    before(() => worker.adjust(settings));

    for (const scenario of scenarios) {
      test(scenario.title, async () => {
        empty(worker);
        await runScenario(scenario, site(worker));
      });
    }
  });
}
