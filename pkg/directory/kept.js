// A directory that is kept in IndexedDB.
//
// Owns: one transaction around each request: look whether somebody else wrote, answer, save, and only then
// say so. The database serializes the transactions of all tabs, so no lock stands beside it.
// Never does: look into a snapshot, or answer anything that is not saved.

import { GuildhallError, storageFull, storageMissing, unavailable, unreadable } from "../errors.js";

const table = "directory";
const [snapshotKey, revisionKey] = ["snapshot", "revision"];

function named(name) {
  if (typeof name === "string" && name !== "") return `guildhall:${name}`;
  throw unreadable("a name is expected", "persist");
}

/** Another for every saved state, so that no two are ever taken for one. */
const newRevision = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function factory() {
  let found;
  try {
    found = globalThis.indexedDB;
  } catch (cause) {
    throw storageMissing(cause);
  }
  if (!found) throw storageMissing();
  return found;
}

/** What the browser says, in our words; refusals of ours stay what they are. */
function failure(cause) {
  if (cause instanceof GuildhallError || !(cause instanceof DOMException)) return cause;
  return cause.name === "QuotaExceededError" ? storageFull(cause) : unavailable(`the browser's storage failed: ${cause.message}`, cause);
}

/** What `work` gives, once the transaction has ended well. `work` waits for nothing but the store. */
async function transact(database, mode, work) {
  const transaction = database.transaction(table, mode, { durability: "strict" });
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new DOMException("the transaction was broken off", "AbortError"));
  });
  ended.catch(() => {});
  try {
    const result = await work(transaction.objectStore(table));
    await ended;
    return result;
  } catch (cause) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    throw cause;
  }
}

/** Forgets what is kept under a name. Directories that have it open go on with an empty one. */
export async function forget(name) {
  try {
    const database = named(name);
    await asked(factory().deleteDatabase(database));
  } catch (cause) {
    throw failure(cause);
  }
}

/** Thrown where reading has to save: at the beginning. */
const hasToSave = Symbol("has to save");

/** A directory that is kept in IndexedDB, as `Unkept` is one that is not. */
export class Kept {
  #name;
  #open;
  #opening;
  #system;
  #revision;

  /** `open` makes a system of a snapshot, or of nothing. */
  constructor(name, open) {
    this.#name = name;
    this.#open = open;
  }

  /** What `work` makes of the system as it is now, saved. */
  async use(writes, work) {
    try {
      const database = await (this.#opening ??= this.#connect());
      return await transact(database, writes ? "readwrite" : "readonly", (store) => this.#within(store, writes, work));
    } catch (cause) {
      if (cause === hasToSave) return this.use(true, work);
      this.#drop();
      throw failure(cause);
    }
  }

  async close() {
    const database = await this.#opening?.catch(() => {});
    database?.close();
    this.#drop();
  }

  async #within(store, writes, work) {
    const revision = await asked(store.get(revisionKey));
    if (revision === undefined && !writes) throw hasToSave;
    if (!this.#system || revision !== this.#revision) {
      // Where there is a revision there is a snapshot; were it lost, the empty text is refused.
      const snapshot = revision === undefined ? undefined : ((await asked(store.get(snapshotKey))) ?? "");
      this.#drop();
      this.#system = this.#open(snapshot);
    }
    // From here to the last `put` nothing is waited for.
    const system = this.#system;
    const before = system.changes();
    const result = work(system);
    const isSaved = revision !== undefined && system.changes() === before;
    if (!isSaved && !writes) {
      this.#drop();
      throw hasToSave;
    }
    this.#revision = isSaved ? revision : newRevision();
    if (!isSaved) {
      store.put(system.snapshot(), snapshotKey);
      store.put(this.#revision, revisionKey);
    }
    return result;
  }

  async #connect() {
    try {
      const name = named(this.#name);
      const request = factory().open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(table);
      const database = await asked(request);
      const forgotten = () => {
        database.close();
        this.#opening = undefined;
      };
      Object.assign(database, { onversionchange: forgotten, onclose: forgotten });
      return database;
    } catch (cause) {
      this.#opening = undefined;
      throw cause;
    }
  }

  /** Its memory is given back. */
  #drop() {
    const system = this.#system;
    this.#system = undefined;
    this.#revision = undefined;
    try {
      system?.free();
    } catch {
      // One that broke in the middle of an answer cannot be given back.
    }
  }
}
