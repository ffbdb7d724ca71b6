// Around a contender's Worker: counts what it asks of D1 and KV, or answers in their place from memory.
//
// Owns: `DB` and `HINTS` of the Worker inside. A request to /__bench/record begins counting and keeping answers;
// /__bench/replay answers the counts, and from then on D1 and KV are what was kept; /__bench/kept hands that out, so
// that another isolate can begin with it (`KEPT`). Never does: change a request or an answer of the Worker inside.

import Main from "./main.js";

let replays = false;
let counts;
let answers;
let values;

const forget = () => {
  counts = { trips: 0, statements: 0, rowsRead: 0, rowsWritten: 0, kvReads: 0, kvWrites: 0, most: undefined };
  [answers, values] = [new Map(), new Map()];
};
forget();

function keep({ sql, values: args }, result) {
  const { rows_read: read = 0, rows_written: written = 0 } = result.meta ?? {};
  counts.statements += 1;
  counts.rowsRead += read;
  counts.rowsWritten += written;
  if (!counts.most || read > counts.most.read) counts.most = { read, sql: sql.slice(0, 160) };
  answers.set(sql, [...(answers.get(sql) ?? []), { args: JSON.stringify(args), result }]);
  return result;
}

let turn = 0;

/** What was kept for a statement; where one operation asks it several times, by its values, else in turn. */
function kept({ sql, values: args }) {
  const all = answers.get(sql);
  if (all === undefined) throw new Error(`not recorded: ${sql}`);
  if (all.length === 1) return all[0].result;
  const text = JSON.stringify(args);
  return (all.find((each) => each.args === text) ?? all[turn++ % all.length]).result;
}

class D1PreparedStatement {
  constructor(database, sql, args) {
    Object.assign(this, { database, sql, values: args });
  }

  bind(...args) {
    return new D1PreparedStatement(this.database, this.sql, args);
  }

  get real() {
    const statement = this.database.prepare(this.sql);
    return this.values.length > 0 ? statement.bind(...this.values) : statement;
  }

  async all() {
    if (replays) return kept(this);
    counts.trips += 1;
    return keep(this, await this.real.all());
  }

  run() {
    return this.all();
  }

  async first(column) {
    const [row = null] = (await this.all()).results;
    return row === null || column === undefined ? row : row[column];
  }

  async raw() {
    return (await this.all()).results.map((row) => Object.values(row));
  }
}

/** Named as the real one: workers-rs looks. */
class D1Database {
  constructor(real) {
    this.real = real;
  }

  prepare(sql) {
    return new D1PreparedStatement(this.real, sql, []);
  }

  async batch(statements) {
    if (replays) return statements.map(kept);
    counts.trips += 1;
    const results = await this.real.batch(statements.map((each) => each.real));
    return results.map((result, place) => keep(statements[place], result));
  }

  exec(sql) {
    return this.real.exec(sql);
  }
}

class KvNamespace {
  constructor(real) {
    this.real = real;
  }

  async get(key, ...rest) {
    if (replays) return values.get(key) ?? null;
    counts.kvReads += 1;
    const value = await this.real.get(key, ...rest);
    values.set(key, value);
    return value;
  }

  async put(...args) {
    if (replays) return;
    counts.kvWrites += 1;
    await this.real.put(...args);
  }

  async delete(key) {
    if (replays) return;
    counts.kvWrites += 1;
    await this.real.delete(key);
  }

  list(...args) {
    return this.real.list(...args);
  }

  getWithMetadata(...args) {
    return this.real.getWithMetadata(...args);
  }
}

let wrapped;

function around(env) {
  if (env.KEPT && !wrapped) [replays, answers, values] = [true, new Map(env.KEPT.answers), new Map(env.KEPT.values)];
  const has = (name) => env[name] !== undefined || env.KEPT !== undefined;
  return (wrapped ??= { ...env, ...(has("DB") && { DB: new D1Database(env.DB) }), ...(has("HINTS") && { HINTS: new KvNamespace(env.HINTS) }) });
}

const inside = typeof Main === "function" ? (env, context) => new Main(context, env) : () => Main;

export default {
  fetch(request, env, context) {
    if (request.url.endsWith("/__bench/record")) {
      replays = false;
      forget();
      return new Response(null);
    }
    if (request.url.endsWith("/__bench/replay")) {
      replays = true;
      return Response.json(counts);
    }
    if (request.url.endsWith("/__bench/kept")) return Response.json({ answers: [...answers], values: [...values] });
    const all = around(env);
    return inside(all, context).fetch(request, all, context);
  },
};
