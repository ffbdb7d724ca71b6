// An issuer of tokens on this machine, whose keys and answers a test chooses.
//
// Owns: its keys (jose), its one address, and what it counts. Never does: sign anybody in.

import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** The answers that are none, by name. Each takes the response. */
export const faults = {
  "status 500": (response) => response.writeHead(500).end("{}"),
  "a redirect": (response) => response.writeHead(302, { location: "/elsewhere" }).end(),
  garbage: (response) => response.end("<html>keys</html>"),
  "a set of another shape": (response) => response.end(JSON.stringify({ keys: {} })),
  "more than 1 MB": (response) => response.end(JSON.stringify({ keys: [], filling: "x".repeat(1_100_000) })),
  "a connection that breaks off": (response) => response.destroy(),
};

/** Made by `startIssuer`. */
class Issuer {
  #keys = new Map();
  /** The names of the published keys. */
  published = [];
  /** What stands in the place of an answer. */
  fault;
  /** In milliseconds, before each answer. */
  delay = 0;
  maxAge = 300;
  /** How often the keys were asked for. */
  asked = 0;

  constructor(origin, server) {
    Object.assign(this, { origin, server });
  }

  /** Makes a key, which is published at once unless it is to be secret for now. */
  async addKey(kid, alg = "RS256", { secret = false } = {}) {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    this.#keys.set(kid, { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: "sig", alg } });
    if (!secret) this.publish(kid);
  }

  publish(kid) {
    this.published.push(kid);
  }

  withdraw(kid) {
    this.published = this.published.filter((known) => known !== kid);
  }

  /** A token that is right, but for what is said; `now` is the Worker's time in milliseconds. */
  async token({ kid = this.published[0], claims = {}, now = Date.now(), header = {} } = {}) {
    const { alg, privateKey } = this.#keys.get(kid);
    const seconds = Math.floor(now / 1000);
    const whole = { iss: this.origin, aud: "guildhall", sub: "kurt", iat: seconds, exp: seconds + 3600, ...claims };
    return new SignJWT(whole).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
  }

  async answer(request, response) {
    if (request.url !== "/keys") {
      response.writeHead(404).end();
      return;
    }
    this.asked += 1;
    if (this.delay > 0) await pause(this.delay);
    if (this.fault) {
      this.fault(response);
      return;
    }
    const keys = this.published.map((kid) => this.#keys.get(kid).jwk);
    response.writeHead(200, { "content-type": "application/json", "cache-control": `public, max-age=${this.maxAge}` });
    response.end(JSON.stringify({ keys }));
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

export async function startIssuer() {
  let issuer;
  const server = createServer((request, response) => issuer.answer(request, response).catch(() => response.destroy()));
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  issuer = new Issuer(`http://127.0.0.1:${server.address().port}`, server);
  return issuer;
}
