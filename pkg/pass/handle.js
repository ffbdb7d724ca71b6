// A pass that is always fresh: renewed before its end, shared by all tabs.
//
// Owns: when it is renewed, and what is answered while there is none. Never does: believe a pass (`verify.js` does), or
// keep one outside memory.

import { GuildhallError, unavailable, unreadable } from "../errors.js";
import { known } from "../options.js";
import { endOf } from "./member.js";
import { alone, channelTo } from "./tabs.js";

/** Milliseconds: the longest sleep, so that a device that slept is noticed; the pauses after failures. */
const longestSleep = 60_000;
const firstPause = 1000;
const longestPause = 30_000;
const pauseWhenRefused = 60_000;
const betweenLooks = 5000;

const names = ["client", "organization", "audience", "expiresIn", "jwks"];
const closed = () => new GuildhallError({ code: "pass_handle_closed", title: "the handle is closed", message: "it was closed before: make another one" });

/** Between the half and all of it, so that tabs and devices do not come together. */
const jittered = (pause) => pause * (0.5 + Math.random() / 2);

/** When a token was issued, by its own account: it has been believed, or will be. */
const issuedAt = (token) => JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).iat * 1000;

/** Never an error: a page that asks while it renders goes on without. */
const quietly = (ask) => {
  try {
    return ask();
  } catch {
    return false;
  }
};

/** The function that makes handles. */
export const handles = (verifyPass) => (options) => new PassHandle(verifyPass, options);

class PassHandle {
  #verify;
  #options;
  #ended = new AbortController();
  #listeners = new Set();
  #name;
  #channel;
  #timer;
  #keys;
  #token;
  #snapshot = Object.freeze({ state: "pending", pass: undefined, error: undefined, expired: false });
  #running;
  #failures = 0;
  /** On this device's clock: the last attempt, and the next. */
  #triedAt = 0;
  #renewAt = 0;

  constructor(verifyPass, given) {
    this.#options = known(given, names);
    const { client, organization, audience = "" } = this.#options;
    if (typeof client?.organization !== "function") throw unreadable("a client is expected, as `createClient` makes it", "client");
    this.#verify = verifyPass;
    this.#name = `guildhall-pass ${organization} ${audience}`;
    this.#channel = channelTo(this.#name, (news) => this.#heard(news).catch(() => {}));
    if (globalThis.document) for (const [target, event] of this.#occasions()) target.addEventListener(event, this.#look);
    this.ready = this.refresh();
    this.ready.catch(() => {});
  }

  /** A device wakes up, a page comes back, the network does. */
  #occasions = () => [[document, "visibilitychange"], ...["online", "pageshow", "focus"].map((event) => [globalThis, event])];

  get pass() { return this.#snapshot.pass; }
  get expired() { return this.pass?.expired ?? false; }
  get error() { return this.#snapshot.error; }
  get token() { return this.pass && !this.expired ? this.#token : undefined; }

  can = (permission, team) => quietly(() => this.pass?.can(permission, team) ?? false);
  canAll = (permissions, team) => quietly(() => this.pass?.canAll(permissions, team) ?? false);
  canAny = (permissions, team) => quietly(() => this.pass?.canAny(permissions, team) ?? false);

  canOrThrow = (permission, team) => {
    if (this.pass) return this.pass.canOrThrow(permission, team);
    throw this.error ?? unavailable("there is no pass yet: await `ready`");
  };

  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  getSnapshot = () => this.#snapshot;

  refresh = async () => {
    if (!this.#ended.signal.aborted) await (this.#running ??= this.#renewed());
    if (this.error) throw this.error;
    return this.pass;
  };

  close = () => {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort(closed());
    clearTimeout(this.#timer);
    this.#channel.close();
    if (globalThis.document) for (const [target, event] of this.#occasions()) target.removeEventListener(event, this.#look);
    this.#show("closed", undefined, closed());
  };

  #show(state, pass, error) {
    this.#snapshot = Object.freeze({ state, pass, error, expired: state === "expired" });
    // Each by itself: what one of them throws is no matter of the others.
    for (const listener of this.#listeners) queueMicrotask(listener);
  }

  /** With every occasion and at the end of every sleep: what is due now. */
  #look = (occasion) => {
    if (this.#ended.signal.aborted) return;
    const now = Date.now();
    const isBack = occasion && this.#failures > 0 && now - this.#triedAt > betweenLooks;
    if (this.#snapshot.state === "ready" && this.expired) this.#show("expired", this.pass, this.error);
    // A clock that was set back would put everything off.
    if (isBack || now >= this.#renewAt || now < this.#triedAt) this.refresh().catch(() => {});
    this.#sleep();
  };

  #sleep() {
    clearTimeout(this.#timer);
    if (this.#ended.signal.aborted) return;
    const until = Math.min(this.#running ? Infinity : this.#renewAt, this.#snapshot.state === "ready" ? endOf(this.pass) : Infinity);
    this.#timer = setTimeout(this.#look, Math.max(0, Math.min(until - Date.now(), longestSleep)));
    this.#timer.unref?.();
  }

  async #renewed() {
    this.#triedAt = Date.now();
    const { pass } = this;
    const work = async () => {
      // Another tab may have been first.
      if (this.pass === pass) await this.#asked();
    };
    try {
      // Only who still has a pass can wait for others.
      await (pass && !pass.expired ? alone(this.#name, this.#ended.signal, work) : work());
    } catch (cause) {
      this.#failed(cause);
    } finally {
      this.#running = undefined;
      this.#sleep();
    }
  }

  async #asked() {
    const { client, organization, audience, expiresIn } = this.#options;
    const { token } = await client.organization(organization).pass({ audience, expiresIn }, { signal: this.#ended.signal });
    // On the installation's clock it is now when the pass was issued; the device's may be wrong.
    const skew = Date.now() - issuedAt(token);
    this.#take(await this.#believed(token, skew), token);
    this.#channel.postMessage({ token, skew });
  }

  /** By the keys that are known; by newer ones if they do not know the pass. */
  async #believed(token, skew) {
    const { client, audience, jwks } = this.#options;
    const verified = async () => {
      const keys = jwks ?? (await (this.#keys ??= client.installation.keys({ signal: this.#ended.signal })));
      return this.#verify(token, { jwks: keys, now: Date.now() - skew, ...(audience !== undefined && { audience }) });
    };
    try {
      return await verified();
    } catch (cause) {
      this.#keys = undefined;
      if (cause?.code !== "pass_unknown_key") throw cause;
      return verified();
    }
  }

  #take(pass, token) {
    if (this.#ended.signal.aborted) return;
    this.#failures = 0;
    this.#token = token;
    this.#triedAt = Date.now();
    // Long before its end, so that there is time to try again.
    this.#renewAt = this.#triedAt + jittered((pass.expiresAt - pass.issuedAt) * 0.8);
    this.#show("ready", pass, undefined);
  }

  /** From another tab: of the same person and organization, and newer. */
  async #heard({ token, skew }) {
    const before = this.pass;
    if (!before || this.#ended.signal.aborted) return;
    const pass = await this.#believed(token, skew);
    const isSame = pass.userId === before.userId && pass.organization.id === before.organization.id;
    if (!isSame || this.pass !== before || pass.issuedAt <= before.issuedAt) return;
    this.#take(pass, token);
    this.#sleep();
  }

  /** What the installation refuses is over at once; what could not be asked holds until its end. */
  #failed(cause) {
    if (this.#ended.signal.aborted) return;
    const { status, retryAfter } = Object(cause);
    const isRefused = status >= 400 && status < 500 && status !== 408 && status !== 429;
    this.#failures += 1;
    const pause = isRefused ? pauseWhenRefused : Math.min(firstPause * 2 ** (this.#failures - 1), longestPause);
    this.#renewAt = Date.now() + (retryAfter === undefined ? jittered(pause) : retryAfter * 1000);
    const { pass } = this;
    if (isRefused) this.#show("refused", undefined, cause);
    else this.#show(pass ? (pass.expired ? "expired" : "ready") : "pending", pass, cause);
  }
}
