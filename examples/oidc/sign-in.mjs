// A sign-in at an OpenID provider, as an application and a browser do it: authorization code with PKCE.
//
// Owns: the order of the requests, and the cookies of the browser. Never does: check the token: that is Guildhall's.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";

const random = () => randomBytes(32).toString("base64url");

/** A browser without scripts: it keeps cookies, follows redirects, and fills in forms. */
class Browser {
  #cookies = new Map();

  async #fetch(url, init) {
    const cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const response = await fetch(url, { redirect: "manual", ...init, headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    return response;
  }

  /** Opens an address and follows redirects, until there is a page or the address begins with `end`. */
  async open(url, end, init) {
    let [at, response] = [url, await this.#fetch(url, init)];
    while (response.status >= 300 && response.status < 400) {
      await response.arrayBuffer();
      at = new URL(response.headers.get("location"), at).href;
      if (at.startsWith(end)) return { url: at };
      response = await this.#fetch(at);
    }
    return { url: at, status: response.status, text: await response.text() };
  }

  submit(url, fields, end) {
    return this.open(url, end, { method: "POST", body: new URLSearchParams(fields) });
  }
}

/**
 * Signs a person in and gives what the token endpoint answers.
 *
 * @param {string} issuer
 * @param {{client: string, redirectUri: string, api: string, scope?: string, name: string, password: string}} options
 */
export async function signIn(issuer, { client, redirectUri, api, scope = "openid email profile", name, password }) {
  const configuration = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const [verifier, state] = [random(), random()];
  const asked = new URL(configuration.authorization_endpoint);
  asked.search = new URLSearchParams({
    client_id: client, response_type: "code", redirect_uri: redirectUri, scope, state, resource: api,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
  });

  const browser = new Browser();
  const form = await browser.open(asked.href, redirectUri);
  assert.equal(form.status, 200, `no page for signing in: ${form.text}`);
  const back = await browser.submit(form.url, { name, password }, redirectUri);
  assert.equal(back.status, undefined, `${name} was not signed in: ${back.text}`);
  const answer = new URL(back.url).searchParams;
  assert.equal(answer.get("state"), state, back.url);
  assert.equal(answer.get("iss"), issuer, back.url);

  const body = new URLSearchParams({
    grant_type: "authorization_code", code: answer.get("code"), redirect_uri: redirectUri, client_id: client, code_verifier: verifier, resource: api,
  });
  const response = await fetch(configuration.token_endpoint, { method: "POST", body });
  const tokens = await response.json();
  assert.equal(response.status, 200, JSON.stringify(tokens));
  return tokens;
}
